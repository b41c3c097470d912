// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_outputs.h"

#include "scan_clock.h"   // clock_us
#include "wire_layout.h"  // WIRE_SYNC_PULSE_MS

#define BLINK_HALF_PERIOD_US 100000UL

static uint32_t pulse_began_us;
static uint32_t blink_changed_us;
static uint16_t blink_changes_left;

void outputs_begin() {
    SYNC_OUT_DDR |= _BV(SYNC_OUT_BIT);
    LED_DDR |= _BV(LED_BIT);
}

void output_sync_pulse() {
    pulse_began_us = clock_us();
    SYNC_OUT_PORT |= _BV(SYNC_OUT_BIT);
}

void output_blink(uint8_t seconds) {
    blink_changes_left = static_cast<uint16_t>(seconds * (1000000UL / BLINK_HALF_PERIOD_US));
    blink_changed_us = clock_us();
}

static void poll_pulse(uint32_t now_us) {
    if (output_sync_is_high() && now_us - pulse_began_us >= WIRE_SYNC_PULSE_MS * 1000UL) {
        SYNC_OUT_PORT &= static_cast<uint8_t>(~_BV(SYNC_OUT_BIT));
    }
}

static void poll_blink(uint32_t now_us) {
    if (blink_changes_left == 0) {
        LED_PORT &= static_cast<uint8_t>(~_BV(LED_BIT));
    } else if (now_us - blink_changed_us >= BLINK_HALF_PERIOD_US) {
        blink_changed_us += BLINK_HALF_PERIOD_US;
        blink_changes_left--;
        LED_PORT ^= _BV(LED_BIT);
    }
}

void outputs_poll() {
    const uint32_t now_us = clock_us();
    poll_pulse(now_us);
    poll_blink(now_us);
}
