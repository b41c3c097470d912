// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_rate.h"

#include <avr/io.h>

#include "config.h"  // the defaults, which must be possible

#if DEFAULT_SCAN_RATE_HZ > RATE_LIMIT_HZ(DEFAULT_BAUD)
#error "DEFAULT_SCAN_RATE_HZ is more than the board holds at DEFAULT_BAUD: see RATE_LIMIT_HZ."
#endif
#if DEFAULT_SCAN_RATE_HZ < MIN_SCAN_RATE_HZ
#error "DEFAULT_SCAN_RATE_HZ is below MIN_SCAN_RATE_HZ."
#endif

uint16_t rate_limit_hz(uint32_t baud) { return RATE_LIMIT_HZ(baud); }

// The slowest ADC clock that holds the rate. On silicon a conversion started by software waits for the
// next ADC clock edge, so 32 of them take up to 32 x 14 ADC clocks; the limits leave room for that.
// 125 kHz and 250 kHz are near what the data sheet asks for (200 kHz for full accuracy).
uint8_t rate_adc_prescaler_bits(uint16_t scan_rate_hz) {
    if (scan_rate_hz <= 250) return _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);  // 128
    if (scan_rate_hz <= 500) return _BV(ADPS2) | _BV(ADPS1);               // 64
    if (scan_rate_hz <= 1000) return _BV(ADPS2) | _BV(ADPS0);              // 32
    return _BV(ADPS2);                                                     // 16
}

// How many bytes of packets may be written while one conversion runs, without outlasting it.
uint8_t rate_bytes_per_conversion(uint16_t scan_rate_hz) {
    if (scan_rate_hz <= 1000) return 4;
    return 2;
}
