// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan_outputs.h"

#include "scan_clock.h"   // clock_us
#include "wire_layout.h"  // WIRE_SYNC_PULSE_MS

#define BLINK_HALF_PERIOD_US 100000UL

bool output_sync_high;

static uint32_t pulse_began_us;
static uint32_t blink_changed_us;
static uint16_t blink_changes_left;
static bool led_on;

static void set_sync(bool high) {
    output_sync_high = high;
    if (high) {
        PIN_HIGH(SYNC_OUT);
    } else {
        PIN_LOW(SYNC_OUT);
    }
}

static void set_led(bool on) {
    led_on = on;
    if (on) {
        PIN_HIGH(LED);
    } else {
        PIN_LOW(LED);
    }
}

void outputs_begin() {
    set_sync(false);
    set_led(false);
    PIN_BEGIN_OUTPUT(SYNC_OUT);
    PIN_BEGIN_OUTPUT(LED);
}

void output_sync_pulse() {
    pulse_began_us = clock_us();
    set_sync(true);
}

void output_blink(uint8_t seconds) {
    blink_changes_left = static_cast<uint16_t>(seconds * (1000000UL / BLINK_HALF_PERIOD_US));
    blink_changed_us = clock_us();
}

static void poll_pulse(uint32_t now_us) {
    if (output_sync_is_high() && now_us - pulse_began_us >= WIRE_SYNC_PULSE_MS * 1000UL) {
        set_sync(false);
    }
}

static void poll_blink(uint32_t now_us) {
    if (blink_changes_left == 0) {
        if (led_on) set_led(false);
    } else if (now_us - blink_changed_us >= BLINK_HALF_PERIOD_US) {
        blink_changed_us += BLINK_HALF_PERIOD_US;
        blink_changes_left--;
        set_led(!led_on);
    }
}

void outputs_poll() {
    const uint32_t now_us = clock_us();
    poll_pulse(now_us);
    poll_blink(now_us);
}
