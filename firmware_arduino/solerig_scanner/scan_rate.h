// SPDX-License-Identifier: GPL-3.0-or-later
// Which scan rates the board holds, and with which ADC clock.
#ifndef SCAN_RATE_H
#define SCAN_RATE_H

#include <stdint.h>

#define MIN_SCAN_RATE_HZ 40  // a period must fit the 16-bit timer with room to be late

uint16_t rate_limit_hz(uint32_t baud);
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz);
uint8_t rate_bytes_per_conversion(uint16_t scan_rate_hz);

#endif
