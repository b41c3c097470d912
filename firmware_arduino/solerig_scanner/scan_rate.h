// SPDX-License-Identifier: GPL-3.0-or-later
// Which scan rates the board holds, and with which ADC clock.
#ifndef SCAN_RATE_H
#define SCAN_RATE_H

#include <stdint.h>

#include "scan.h"  // ScanWindow

#if SOLERIG_IS_MAT
#define MIN_SCAN_RATE_HZ 5
#else
#define MIN_SCAN_RATE_HZ 40  // a period must fit the 16-bit timer with room to be late
#endif

uint16_t rate_limit_hz(uint32_t baud, const ScanWindow &window);
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz);
#if !SOLERIG_IS_MAT && !SOLERIG_PORTABLE
bool rate_leaves_a_pause(uint16_t scan_rate_hz);
#endif
uint8_t rate_bytes_per_conversion(uint16_t scan_rate_hz);
#if SOLERIG_PORTABLE
void rate_measured_scan_us(uint32_t microseconds);
#endif

#endif
