// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_rate.h"

#include <avr/io.h>

// The line takes baud / 10 bytes a second and a SCAN of 32 sensels is 52 bytes on it; what is left of
// the line carries STATUS, HELLO and REPLY. tests/firmware measures every entry.
uint16_t rate_limit_hz(uint32_t baud) {
    if (baud >= 2000000) return 1900;
    if (baud >= 1000000) return 1800;
    if (baud >= 500000) return 900;
    if (baud >= 250000) return 450;
    return 200;
}

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
