// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_clock.h"

#if SOLERIG_PORTABLE

void clock_begin() {}

#else

uint32_t clock_base_us = CLOCK_START_US;

void clock_begin() {
    TIMSK0 = 0;  // the Arduino core's millisecond interrupt would only bring jitter
    TCCR1A = 0;
    TCCR1B = _BV(CS11);  // 16 MHz / 8
    TIMSK1 = 0;
    TCNT1 = 0;
    TIFR1 = _BV(TOV1);
    clock_base_us = CLOCK_START_US;
}

#endif
