// SPDX-License-Identifier: GPL-3.0-or-later
// Does what a command asks and answers each with exactly one REPLY.
#ifndef COMMAND_HANDLER_H
#define COMMAND_HANDLER_H

#include "command_reader.h"  // command_received
#include "link_reports.h"    // reports_reply_is_pending

void commands_begin();

// Answers the command that arrived; between scans.
__attribute__((noinline)) void commands_answer();

static inline bool commands_are_due() {
    return command_received.arrival != COMMAND_NONE && !reports_reply_is_pending();
}

// Supply, memory, watchdog: about every second, for STATUS.
void board_look_around();
void board_measure_supply();

// Goes back to the old baud when nobody speaks at the new one; about every millisecond.
void commands_poll_baud_trial();

#endif
