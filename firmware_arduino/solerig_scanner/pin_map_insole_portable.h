// SPDX-License-Identifier: GPL-3.0-or-later
// Pair of pressure insoles, 2 x 16 FSRs, on an Arduino Uno or Nano (ATmega328P), or any board of its shape.
// Printed by `python hardware_schematics/print_nets.py` from nets.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

#define MUX_LEFT_SELECT_LABELS { 4, 5, 6, 7 }
#define MUX_LEFT_SIGNAL_LABEL A0
#define MUX_RIGHT_SELECT_LABELS { 8, 9, 10, 11 }
#define MUX_RIGHT_SIGNAL_LABEL A1
#define SYNC_OUT_LABEL 12
#define LED_LABEL 13
#define SYNC_IN_LABEL 2
#define MUX_OFF_LABEL 3
#define PULL_DOWN_OHM 1000
#define CHANNELS_PER_FOOT 16

#endif
