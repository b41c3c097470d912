// SPDX-License-Identifier: GPL-3.0-or-later
// The computer's end of the line: a pty, or a file and commands prepared beforehand.
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum host_mode { HOST_FILE, HOST_PTY_PAUSE, HOST_PTY_DROP };

struct host_options {
    enum host_mode mode;
    const char *out_path;   // HOST_FILE
    const char *link_path;  // pty: a symbolic link to its name, or null
    bool match_baud;        // pty: bytes at another baud than the host's arrive as nonsense
};

bool host_open(const struct host_options *options);
void host_close(void);

// A byte from the board at the board's baud.
void host_take(uint8_t byte, unsigned board_baud);
// The next byte for the board, if there is one.
bool host_give(uint8_t *byte, unsigned board_baud);
// Bytes that the host sends at a time of its own (free-running).
void host_prepare(const uint8_t *bytes, size_t count, double time_s);

// Move bytes between the pty and the board. False: the pty is full and simulated time must wait.
bool host_poll(double time_s);
// True while somebody has the pty open; free-running always.
bool host_is_open(void);
// True once after each time the pty went from closed to open, however short it was closed.
bool host_was_opened(void);
// Bytes that a real line would have lost (--drop).
uint64_t host_bytes_lost(void);

#endif
