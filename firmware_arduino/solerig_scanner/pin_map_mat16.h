// SPDX-License-Identifier: GPL-3.0-or-later
// Smart mat, 16 x 16 cells, virtual-ground columns, on an Arduino Uno (ATmega328P).
// Printed by `python hardware_schematics/print_nets.py` from nets_mat.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

// U31: S0-S3 on D4 D5 D6 D7, SIG on A0
#define COLUMNS_A_SELECT_PORT PORTD
#define COLUMNS_A_SELECT_DDR DDRD
#define COLUMNS_A_SELECT_SHIFT 4
#define COLUMNS_A_ADC_CHANNEL 0

// into the row drivers, first bit = last row, D8
#define ROW_DATA_PORT PORTB
#define ROW_DATA_DDR DDRB
#define ROW_DATA_BIT 0

// shifts on the rising edge, D9
#define ROW_CLOCK_PORT PORTB
#define ROW_CLOCK_DDR DDRB
#define ROW_CLOCK_BIT 1

// shows what was shifted on the rising edge, D10
#define ROW_LATCH_PORT PORTB
#define ROW_LATCH_DDR DDRB
#define ROW_LATCH_BIT 2

// high = no row is driven, D3
#define ROW_OFF_PORT PORTD
#define ROW_OFF_DDR DDRD
#define ROW_OFF_BIT 3

// to a force plate or a camera, D12
#define SYNC_OUT_PORT PORTB
#define SYNC_OUT_DDR DDRB
#define SYNC_OUT_BIT 4

// on the board, D13
#define LED_PORT PORTB
#define LED_DDR DDRB
#define LED_BIT 5

// sync input, D2
#define SYNC_IN_PIN PIND
#define SYNC_IN_BIT 2

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
