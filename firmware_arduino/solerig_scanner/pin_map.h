// SPDX-License-Identifier: GPL-3.0-or-later
// Pair of pressure insoles, 2 x 16 FSRs, on an Arduino Uno or Nano (ATmega328P).
// Printed by `python hardware_schematics/print_nets.py` from nets.toml: do not edit.
#ifndef PIN_MAP_H
#define PIN_MAP_H

// U1: S0-S3 on D4 D5 D6 D7, SIG on A0
#define MUX_LEFT_SELECT_PORT PORTD
#define MUX_LEFT_SELECT_DDR DDRD
#define MUX_LEFT_SELECT_SHIFT 4
#define MUX_LEFT_ADC_CHANNEL 0

// U2: S0-S3 on D8 D9 D10 D11, SIG on A1
#define MUX_RIGHT_SELECT_PORT PORTB
#define MUX_RIGHT_SELECT_DDR DDRB
#define MUX_RIGHT_SELECT_SHIFT 0
#define MUX_RIGHT_ADC_CHANNEL 1

// EN of both multiplexers, high = off, D3
#define MUX_OFF_PORT PORTD
#define MUX_OFF_DDR DDRD
#define MUX_OFF_BIT 3

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

#define PULL_DOWN_OHM 1000
#define CHANNELS_PER_FOOT 16

#endif
