// SPDX-License-Identifier: GPL-3.0-or-later
// Solerig scanner: reads pressure insoles and sends every scan to the computer.
//
// Choose your board in the Arduino IDE (Uno or Nano) and press Upload; options are in config.h.
// The wire is explained in ../WIRE_PROTOCOL.md, the wiring in ../../hardware_schematics.
//
//   config.h            what you may choose before flashing
//   pin_map.h           which pin does what (printed from hardware_schematics/nets.toml)
//   wire_layout.h       where each byte of a packet stands (printed from rig/wire/packets.py)
//   scan_clock          the board's microseconds
//   scan_insoles        one scan of both insoles, two multiplexers in ping-pong
//   scan_rate           which rates the board holds, with which ADC clock
//   scan_outputs        sync pulse and LED
//   scan_supply         supply voltage
//   packet_writer       packet -> CRC -> COBS -> transmit ring
//   link_uart           transmit ring -> line -> receive ring
//   link_reports        HELLO, STATUS, REPLY, and whose turn it is
//   command_reader      receive ring -> command
//   command_handler     command -> what it does, and its REPLY
//   command_memory      id and calibration note in EEPROM
#include "command_handler.h"
#include "config.h"
#include "link_reports.h"
#include "link_uart.h"
#include "scan_clock.h"
#include "scan_insoles.h"
#include "scan_outputs.h"
#include "scan_supply.h"

// Half microseconds before a scan in which nothing else is begun, so that scans start evenly.
#define QUIET_TICKS 48
// A chore may take this long; nearer to a scan it waits until after it.
#define CHORE_TICKS 120
// Listening to a command may take 1 ms and then some.
#define LISTEN_TICKS (CLOCK_TICKS_PER_MS + CHORE_TICKS)
#define STATUS_PERIOD_MS 1000

static uint16_t chores_began;
static uint16_t ms_to_status = STATUS_PERIOD_MS;

void setup() {
    board_state.reset_cause = MCUSR & 0x0F;  // 0 where the bootloader has cleared it
    MCUSR = 0;
    cli();  // everything here is polled: an interrupt would only bring jitter
    scan_begin();
    outputs_begin();
    clock_begin();
    commands_begin();
    link_begin(board_state.baud);
    board_state.supply_mv = supply_measure_mv();
    reports_hello(WIRE_HELLO_REASON_BOOT);
}

__attribute__((noinline)) static void every_millisecond() {
    outputs_poll();
    link_poll();
    commands_poll_baud_trial();
    link_poll();
    if (--ms_to_status == 0) {
        ms_to_status = STATUS_PERIOD_MS;
        if (!scan_is_running()) board_state.supply_mv = supply_measure_mv();
        reports_status();
    }
}

static inline void chores() {
    clock_poll();
    if (commands_are_due()) commands_answer();
    link_poll();
    if (static_cast<uint16_t>(clock_ticks() - chores_began) >= CLOCK_TICKS_PER_MS) {
        chores_began += CLOCK_TICKS_PER_MS;
        every_millisecond();
    }
}

void loop() {
    const uint8_t heard = link_received_head;
    link_poll();
    const bool scanning = scan_is_running() && !reports_hold_scan();
    const uint16_t ticks_left = scanning ? scan_ticks_left() : UINT16_MAX;
    if (ticks_left <= QUIET_TICKS) {
        scan_take_tick();
        chores();
    } else {
        if (ticks_left > LISTEN_TICKS && link_received_head != heard) link_listen();
        if (ticks_left > CHORE_TICKS) chores();
        link_poll();
        reports_work(1);
    }
}
