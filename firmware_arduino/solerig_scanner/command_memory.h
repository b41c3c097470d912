// SPDX-License-Identifier: GPL-3.0-or-later
// What the board remembers without power: its id and a calibration note, each with its own CRC.
#ifndef COMMAND_MEMORY_H
#define COMMAND_MEMORY_H

#include <stdint.h>

enum NoteState { NOTE_OK, NOTE_IS_MISSING, NOTE_IS_DAMAGED };

void memory_begin();  // reads both into RAM, so that reading them never delays a scan
uint32_t memory_id();
bool memory_id_is_damaged();
NoteState memory_note_state();
const uint8_t *memory_note();
uint8_t memory_note_bytes();

// These take milliseconds a byte: never while scanning. Equal bytes are not written again (wear).
void memory_store_id(uint32_t id);
void memory_store_note(const uint8_t *note, uint8_t bytes);

#endif
