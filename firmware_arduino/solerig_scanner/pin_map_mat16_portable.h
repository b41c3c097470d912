// SPDX-License-Identifier: GPL-3.0-or-later
// Smart mat, 16 x 16 cells, virtual-ground columns, on an Arduino Uno (ATmega328P), or any board of its shape.
// Printed by `python hardware_schematics/print_nets.py` from nets_mat.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

#define COLUMNS_A_SELECT_LABELS { 4, 5, 6, 7 }
#define COLUMNS_A_SIGNAL_LABEL A0
#define SYNC_OUT_LABEL 12
#define LED_LABEL 13
#define SYNC_IN_LABEL 2
#define ROW_DATA_LABEL 8
#define ROW_CLOCK_LABEL 9
#define ROW_LATCH_LABEL 10
#define ROW_OFF_LABEL 3
#define ROWS 16
#define COLUMNS 16
#define FEEDBACK_OHM 3000
// VREF of the supply: what a column reads while no row is driven
#define REFERENCE_PERMILLE 250
// from VREF's amplifier to VREF, from VREF to each row, from the active row to ground
#define REFERENCE_OHM 10
#define ROW_IDLE_OHM 220
#define ROW_OHM 5

#endif
