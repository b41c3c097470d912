// SPDX-License-Identifier: GPL-3.0-or-later
// Pair of pressure insoles, 2 x 16 FSRs, on an Arduino Leonardo or Micro.
// Printed by `python hardware_schematics/print_nets.py` from nets.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

// U1: S0-S3 on A3 A2 A1 A0, SIG on A4
#define MUX_LEFT_SELECT_PORT PORTF
#define MUX_LEFT_SELECT_DDR DDRF
#define MUX_LEFT_SELECT_SHIFT 4
#define MUX_LEFT_ADC_CHANNEL 1

// U2: S0-S3 on D8 D9 D10 D11, SIG on A5
#define MUX_RIGHT_SELECT_PORT PORTB
#define MUX_RIGHT_SELECT_DDR DDRB
#define MUX_RIGHT_SELECT_SHIFT 4
#define MUX_RIGHT_ADC_CHANNEL 0

// EN of both multiplexers, high = off, D3
#define MUX_OFF_PORT PORTD
#define MUX_OFF_DDR DDRD
#define MUX_OFF_BIT 0

// to a force plate or a camera, D12
#define SYNC_OUT_PORT PORTD
#define SYNC_OUT_DDR DDRD
#define SYNC_OUT_BIT 6

// on the board, D13
#define LED_PORT PORTC
#define LED_DDR DDRC
#define LED_BIT 7

// sync input, D2
#define SYNC_IN_PIN PIND
#define SYNC_IN_BIT 1

#define PULL_DOWN_OHM 1000
#define CHANNELS_PER_FOOT 16

#endif
