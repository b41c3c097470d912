// SPDX-License-Identifier: GPL-3.0-or-later
// Which scan rates the board holds, and with which ADC clock.
#ifndef SCAN_RATE_H
#define SCAN_RATE_H

#include <stdint.h>

#define MIN_SCAN_RATE_HZ 40  // a period must fit the 16-bit timer with room to be late

// The highest rate at each baud. The line takes baud / 10 bytes a second and a SCAN of 32 sensels is 52
// bytes on it; what is left of the line carries STATUS, HELLO and REPLY. At 2 Mbaud the ADC is the limit.
// tests/firmware holds every entry to 0 lost frames; rates 3 to 9 % above them still held there.
#define RATE_LIMIT_HZ(baud)    \
    ((baud) >= 2000000 ? 1900  \
     : (baud) >= 1000000 ? 1800 \
     : (baud) >= 500000 ? 900  \
     : (baud) >= 250000 ? 450  \
                        : 200)

uint16_t rate_limit_hz(uint32_t baud);
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz);
uint8_t rate_bytes_per_conversion(uint16_t scan_rate_hz);

#endif
