// SPDX-License-Identifier: GPL-3.0-or-later
// Solerig scanner: reads pressure insoles or a mat and sends every scan to the computer.
//
// Choose your board in the Arduino IDE and your rig (insoles or a mat) in config.h, then press Upload.
// The wire is explained in ../WIRE_PROTOCOL.md, the wiring in ../../hardware_schematics.
//
//   config.h            what you may choose before flashing
//   board.h             which board, which wiring, how a pin is switched
//   pin_map*.h          which pin does what (printed from hardware_schematics)
//   wire_layout.h       where each byte of a packet stands (printed from rig/wire/packets.py)
//   scan_clock          the board's microseconds
//   scan                ticks, and the packets that wait to be written
//   scan_insoles        one scan of both insoles, two multiplexers in ping-pong
//   scan_mat            one scan of a mat, row by row
//   scan_portable       the same on any other Arduino, slowly
//   scan_adc            the AVR's converter
//   scan_rate           which rates the board holds, with which ADC clock
//   scan_outputs        sync pulse and LED
//   scan_supply         supply voltage
//   packet_writer       packet -> CRC -> COBS -> transmit ring
//   link                transmit ring -> line -> receive ring
//   link_reports        HELLO, STATUS, REPLY, and whose turn it is
//   command_reader      receive ring -> command
//   command_handler     command -> what it does, and its REPLY
//   command_memory      id and calibration note in EEPROM
//   self_test           shorts, silent lines, stuck multiplexers
//   guard               watchdog and RAM canary
#include "command_handler.h"
#include "config.h"
#include "guard.h"
#include "link.h"
#include "link_reports.h"
#include "scan.h"
#include "scan_clock.h"
#include "scan_outputs.h"

// Half microseconds by which a chore may outlast QUIET_TICKS; nearer to a scan it waits until after it.
#define CHORE_TICKS 72
// Listening to a command may take 1 ms and then some.
#define LISTEN_TICKS (CLOCK_TICKS_PER_MS + CHORE_TICKS)
#define STATUS_PERIOD_MS 1000

static tick_t chores_began;
static uint16_t ms_to_status = STATUS_PERIOD_MS;

void setup() {
    board_state.reset_cause = guard_begin();
    scan_begin();
    outputs_begin();
    clock_begin();
    link_begin(DEFAULT_BAUD);
    if (guard_restarted()) {
        packet_ring[packet_ring_head++] = WIRE_DELIMITER;  // ends the packet that the restart cut off
    }
    commands_begin();
    board_look_around();
    reports_hello(WIRE_HELLO_REASON_BOOT);
}

// Every millisecond, or once after a scan that took several.
__attribute__((noinline)) static void after_milliseconds(uint16_t passed_ms) {
    outputs_poll();
    link_poll();
    commands_poll_baud_trial();
    link_poll();
    if (ms_to_status > passed_ms) {
        ms_to_status = static_cast<uint16_t>(ms_to_status - passed_ms);
        return;
    }
    ms_to_status = static_cast<uint16_t>(ms_to_status + STATUS_PERIOD_MS - passed_ms);
    board_look_around();
    reports_status();
}

static inline void chores() {
    clock_poll();
    if (commands_are_due()) commands_answer();
    link_poll();
#if SOLERIG_IS_MAT
    uint16_t passed_ms = 0;
    tick_t passed_ticks = static_cast<tick_t>(tick_now() - chores_began);
    for (; passed_ticks >= CLOCK_TICKS_PER_MS; passed_ticks -= CLOCK_TICKS_PER_MS) {
        chores_began += CLOCK_TICKS_PER_MS;
        passed_ms++;
    }
    if (passed_ms != 0) after_milliseconds(passed_ms);
#else
    if (static_cast<tick_t>(tick_now() - chores_began) >= CLOCK_TICKS_PER_MS) {
        chores_began += CLOCK_TICKS_PER_MS;
        after_milliseconds(1);
    }
#endif
}

void loop() {
    static uint8_t heard;  // what had arrived when the line was last served alone
    link_poll();
    const bool scanning = scan_is_running() && !reports_hold_scan();
    const uint16_t ticks_left = scanning ? scan_ticks_left() : UINT16_MAX;
    if (ticks_left <= front_lead_ticks) {
        scan_take_tick();
        chores();
#if SOLERIG_IS_MAT
        reports_work(1);  // a mat's reports wait for this, even when scans leave hardly any time
#endif
    } else {
        const uint16_t to_spare = static_cast<uint16_t>(ticks_left - front_lead_ticks);
        if (to_spare > LISTEN_TICKS && link_received_head != heard) {
            link_listen();
            heard = link_received_head;
        }
        if (to_spare > CHORE_TICKS) chores();
        link_poll();
        reports_work(1);
    }
}
