// SPDX-License-Identifier: GPL-3.0-or-later
// Smart mat, 16 x 16 cells, cheap build (idle rows grounded), on an Arduino Uno, or any board of its shape.
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
#define PULL_DOWN_OHM 1000

#endif
