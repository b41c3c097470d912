// SPDX-License-Identifier: GPL-3.0-or-later
// The sync output's pulse and the LED's blinking.
#ifndef SCAN_OUTPUTS_H
#define SCAN_OUTPUTS_H

#include <stdint.h>

#include "board.h"

void outputs_begin();
void output_sync_pulse();
void output_blink(uint8_t seconds);
void outputs_poll();  // about every millisecond

extern bool output_sync_high;
static inline bool output_sync_is_high() { return output_sync_high; }

#endif
