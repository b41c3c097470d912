// SPDX-License-Identifier: GPL-3.0-or-later
// The board's clock in half microseconds. On an AVR, Timer 1 counts them and its overflows are counted
// by polling: no interrupt moves the clock, so no reading can be torn. clock_poll() must run every 32 ms;
// whoever does not call it for 250 ms is hung, and the watchdog restarts the board.
#ifndef SCAN_CLOCK_H
#define SCAN_CLOCK_H

#include <stdint.h>

#include "board.h"
#include "guard.h"  // guard_kick

#define CLOCK_TICKS_PER_S 2000000UL
#define CLOCK_TICKS_PER_MS 2000U
#define CLOCK_US_PER_OVERFLOW 32768UL

void clock_begin();

#if SOLERIG_PORTABLE
static inline uint16_t clock_ticks() { return static_cast<uint16_t>(micros() * 2); }
static inline void clock_poll() { guard_kick(); }
static inline uint32_t clock_us() { return static_cast<uint32_t>(micros()) + CLOCK_START_US; }
#else
extern uint32_t clock_base_us;  // microseconds at the timer's last overflow

// Half microseconds, wrapping every 32.8 ms; for differences only.
static inline uint16_t clock_ticks() { return TCNT1; }

static inline void clock_poll() {
    guard_kick();
    if (TIFR1 & _BV(TOV1)) {
        TIFR1 = _BV(TOV1);
        clock_base_us += CLOCK_US_PER_OVERFLOW;
    }
}

// Microseconds since start, wrapping at 2^32.
static inline uint32_t clock_us() {
    uint16_t ticks = TCNT1;
    if (TIFR1 & _BV(TOV1)) {
        clock_poll();
        ticks = TCNT1;
    }
    return clock_base_us + (ticks >> 1);
}
#endif

// Ticks between scans. Insoles scan at 40 Hz or more, so 16 bits hold a period; a mat on a radio may take
// 200 ms for one scan.
#if SOLERIG_IS_MAT
typedef uint32_t tick_t;
static inline tick_t tick_now() {
#if SOLERIG_PORTABLE
    return micros() * 2;
#else
    uint16_t ticks = TCNT1;
    if (TIFR1 & _BV(TOV1)) {
        clock_poll();
        ticks = TCNT1;
    }
    return (clock_base_us << 1) + ticks;
#endif
}
#else
typedef uint16_t tick_t;
static inline tick_t tick_now() { return clock_ticks(); }
#endif

#endif
