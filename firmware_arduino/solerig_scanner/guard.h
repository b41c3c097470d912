// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps watch: a watchdog that restarts a hung board, and a canary between variables and stack.
// The watchdog works by its interrupt and a jump to the program's start, not by the chip's reset: the old
// Nano bootloader does not switch the watchdog off after such a reset and would hang for ever.
#ifndef GUARD_H
#define GUARD_H

#include <stdint.h>

#include "board.h"

#if !SOLERIG_PORTABLE
#include <avr/wdt.h>
#endif

// Call first: says why the board started, as bits of ResetCause (0 where a bootloader has cleared them).
uint8_t guard_begin();
bool guard_restarted();  // by the watchdog
bool guard_ram_is_whole();
void guard_poll();  // about every second

static inline void guard_kick() {
#if !SOLERIG_PORTABLE
#if LINK_IS_CORE_SERIAL
    // the core starts the chip's own watchdog when the IDE asks for an upload, and counts on its end
    if (WDTCSR & _BV(WDE)) return;
#endif
    wdt_reset();
#endif
}

#endif
