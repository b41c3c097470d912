// SPDX-License-Identifier: GPL-3.0-or-later
// Received bytes to commands: COBS undone, CRC checked, one command held until it is answered.
// Whatever arrives, memory is bounded and the next delimiter begins anew.
#ifndef COMMAND_READER_H
#define COMMAND_READER_H

#include <stdint.h>

#include "wire_layout.h"

#define COMMAND_MAX_BYTES (WIRE_COMMAND_STORE_NOTE_BYTES + WIRE_NOTE_MAX_BYTES)

enum CommandArrival { COMMAND_NONE, COMMAND_WHOLE, COMMAND_DAMAGED };

struct ReceivedCommand {
    CommandArrival arrival;
    uint8_t length;                    // as sent, CRC taken off; may exceed the bytes kept
    uint8_t bytes[COMMAND_MAX_BYTES];  // the first of them
};
extern ReceivedCommand command_received;

// Takes one byte of the receive ring, unless a command waits for its answer.
void command_read_byte();
void command_forget();

#endif
