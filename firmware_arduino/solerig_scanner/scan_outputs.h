// SPDX-License-Identifier: GPL-3.0-or-later
// The sync output's pulse and the LED's blinking.
#ifndef SCAN_OUTPUTS_H
#define SCAN_OUTPUTS_H

#include <avr/io.h>
#include <stdint.h>

#include "pin_map.h"

void outputs_begin();
void output_sync_pulse();
void output_blink(uint8_t seconds);
void outputs_poll();  // about every millisecond

static inline bool output_sync_is_high() { return (SYNC_OUT_PORT & _BV(SYNC_OUT_BIT)) != 0; }

#endif
