// SPDX-License-Identifier: GPL-3.0-or-later
// Pair of pressure insoles, 2 x 16 FSRs, on an Arduino Mega 2560.
// Printed by `python hardware_schematics/print_nets.py` from nets.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

// U1: S0-S3 on D22 D23 D24 D25, SIG on A0
#define MUX_LEFT_SELECT_PORT PORTA
#define MUX_LEFT_SELECT_DDR DDRA
#define MUX_LEFT_SELECT_SHIFT 0
#define MUX_LEFT_ADC_CHANNEL 0

// U2: S0-S3 on D26 D27 D28 D29, SIG on A1
#define MUX_RIGHT_SELECT_PORT PORTA
#define MUX_RIGHT_SELECT_DDR DDRA
#define MUX_RIGHT_SELECT_SHIFT 4
#define MUX_RIGHT_ADC_CHANNEL 1

// EN of both multiplexers, high = off, D3
#define MUX_OFF_PORT PORTE
#define MUX_OFF_DDR DDRE
#define MUX_OFF_BIT 5

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

#define PULL_DOWN_OHM 1000
#define CHANNELS_PER_FOOT 16

#endif
