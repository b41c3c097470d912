// SPDX-License-Identifier: GPL-3.0-or-later
#include "guard.h"

#if SOLERIG_PORTABLE

uint8_t guard_begin() { return 0; }
bool guard_restarted() { return false; }
bool guard_ram_is_whole() { return true; }
void guard_poll() {}

#else

#include <avr/interrupt.h>

#include "scan.h"  // front_off

#define NOTE_OF_RESTART 0x57D06
#define CANARY 0xA5
#define CANARY_BYTES 16

extern uint8_t __heap_start;  // the linker's name for the first byte behind all variables

static uint32_t note __attribute__((section(".noinit")));  // outlives a restart
static bool restarted;

static void start_watchdog() {
    wdt_reset();
    WDTCSR = _BV(WDCE) | _BV(WDE);
    WDTCSR = _BV(WDIE) | _BV(WDP2);  // 250 ms, interrupt only
}

uint8_t guard_begin() {
    uint8_t cause = MCUSR & 0x0F;
    MCUSR = 0;
    restarted = note == NOTE_OF_RESTART;
    note = 0;
    if (restarted) cause = WIRE_RESET_WATCHDOG;
    for (uint8_t n = 0; n < CANARY_BYTES; n++) (&__heap_start)[n] = CANARY;
    start_watchdog();
    return cause;
}

bool guard_restarted() { return restarted; }

bool guard_ram_is_whole() {
    bool whole = true;
    for (uint8_t n = 0; n < CANARY_BYTES; n++) whole = whole && (&__heap_start)[n] == CANARY;
    return whole;
}

// The USB core stops every watchdog when an upload was asked for and called off.
void guard_poll() {
    if (WDTCSR == 0) start_watchdog();
}

// From the program's start everything is set up anew, its variables too; only the chip's registers and
// .noinit stay as they were.
ISR(WDT_vect) {
    front_off();
    note = NOTE_OF_RESTART;
#if LINK_IS_CORE_SERIAL
    wdt_enable(WDTO_15MS);  // USB needs the chip's whole reset; this board's bootloader knows of it
    for (;;) {
    }
#else
    wdt_disable();
    asm volatile("jmp 0");
#endif
}

#endif
