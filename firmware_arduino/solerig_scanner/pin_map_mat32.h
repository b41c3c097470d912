// SPDX-License-Identifier: GPL-3.0-or-later
// Smart mat, 32 x 32 cells, virtual-ground columns, on an Arduino Mega 2560.
// Printed by `python hardware_schematics/print_nets.py` from nets_mat.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

// U31: S0-S3 on D22 D23 D24 D25, SIG on A0
#define COLUMNS_A_SELECT_PORT PORTA
#define COLUMNS_A_SELECT_DDR DDRA
#define COLUMNS_A_SELECT_SHIFT 0
#define COLUMNS_A_ADC_CHANNEL 0

// U32: S0-S3 on D26 D27 D28 D29, SIG on A1
#define COLUMNS_B_SELECT_PORT PORTA
#define COLUMNS_B_SELECT_DDR DDRA
#define COLUMNS_B_SELECT_SHIFT 4
#define COLUMNS_B_ADC_CHANNEL 1

// into the row drivers, first bit = last row, D37
#define ROW_DATA_PORT PORTC
#define ROW_DATA_DDR DDRC
#define ROW_DATA_BIT 0

// shifts on the rising edge, D36
#define ROW_CLOCK_PORT PORTC
#define ROW_CLOCK_DDR DDRC
#define ROW_CLOCK_BIT 1

// shows what was shifted on the rising edge, D35
#define ROW_LATCH_PORT PORTC
#define ROW_LATCH_DDR DDRC
#define ROW_LATCH_BIT 2

// high = no row is driven, D3
#define ROW_OFF_PORT PORTE
#define ROW_OFF_DDR DDRE
#define ROW_OFF_BIT 5

// to a force plate or a camera, D12
#define SYNC_OUT_PORT PORTB
#define SYNC_OUT_DDR DDRB
#define SYNC_OUT_BIT 6

// on the board, D13
#define LED_PORT PORTB
#define LED_DDR DDRB
#define LED_BIT 7

// sync input, D2
#define SYNC_IN_PIN PINE
#define SYNC_IN_BIT 4

#define ROWS 32
#define COLUMNS 32
#define FEEDBACK_OHM 3000
// VREF of the supply: what a column reads while no row is driven
#define REFERENCE_PERMILLE 250
// from VREF's amplifier to VREF, from VREF to each row, from the active row to ground
#define REFERENCE_OHM 10
#define ROW_IDLE_OHM 220
#define ROW_OHM 5

#endif
