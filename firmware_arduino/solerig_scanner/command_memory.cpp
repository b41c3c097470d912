// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_memory.h"

#include "board.h"

#if SOLERIG_PORTABLE
#include <EEPROM.h>  // the library that cores bring for their EEPROM or what stands for it
#else
#include <avr/eeprom.h>
#endif

#include "link.h"           // link_poll: the host may go on talking meanwhile
#include "packet_writer.h"  // packet_crc, put_u16, get_u16
#include "scan_clock.h"     // clock_poll
#include "scan_outputs.h"   // outputs_poll

#define ID_ADDRESS 0
#define ID_BYTES 4
#define NOTE_ADDRESS 8  // its length, its bytes, its CRC
#define ERASED 0xFF
#define ID_NONE 0xFFFFFFFFUL

static uint32_t id = ID_NONE;
static bool id_is_damaged;
static NoteState note_state;
static uint8_t note[1 + WIRE_NOTE_MAX_BYTES + WIRE_CRC_BYTES];

static uint16_t crc_of(const uint8_t *bytes, uint8_t count) {
    uint16_t crc = WIRE_CRC_INITIAL;
    while (count-- != 0) crc = packet_crc(crc, *bytes++);
    return crc;
}

#if SOLERIG_PORTABLE

static void read(uint16_t address, uint8_t *bytes, uint8_t count) {
    for (uint8_t n = 0; n < count; n++) bytes[n] = EEPROM.read(address + n);
}

static void write(uint16_t address, const uint8_t *bytes, uint8_t count) {
    for (uint8_t n = 0; n < count; n++) EEPROM.update(address + n, bytes[n]);
}

#else

static void read(uint16_t address, uint8_t *bytes, uint8_t count) {
    eeprom_read_block(bytes, reinterpret_cast<const void *>(address), count);
}

static void write(uint16_t address, const uint8_t *bytes, uint8_t count) {
    for (uint8_t n = 0; n < count; n++) {
        while (!eeprom_is_ready()) {
            link_poll();
            clock_poll();
            outputs_poll();
        }
        eeprom_update_byte(reinterpret_cast<uint8_t *>(address + n), bytes[n]);
    }
}

#endif

static void read_id() {
    uint8_t bytes[ID_BYTES + WIRE_CRC_BYTES];
    read(ID_ADDRESS, bytes, sizeof bytes);
    const bool whole = get_u16(bytes + ID_BYTES) == crc_of(bytes, ID_BYTES);
    bool erased = true;
    for (uint8_t n = 0; n < sizeof bytes; n++) erased = erased && bytes[n] == ERASED;
    id = whole ? get_u32(bytes) : ID_NONE;
    id_is_damaged = !whole && !erased;
}

static void read_note() {
    read(NOTE_ADDRESS, note, sizeof note);
    const uint8_t bytes = note[0];
    if (bytes == ERASED || bytes == 0) {
        note_state = NOTE_IS_MISSING;
    } else if (bytes > WIRE_NOTE_MAX_BYTES ||
               get_u16(note + 1 + bytes) != crc_of(note, static_cast<uint8_t>(1 + bytes))) {
        note_state = NOTE_IS_DAMAGED;
    } else {
        note_state = NOTE_OK;
    }
}

void memory_begin() {
    read_id();
    read_note();
}

uint32_t memory_id() { return id; }
bool memory_id_is_damaged() { return id_is_damaged; }
NoteState memory_note_state() { return note_state; }
const uint8_t *memory_note() { return note + 1; }
uint8_t memory_note_bytes() { return note[0]; }

void memory_store_id(uint32_t new_id) {
    uint8_t bytes[ID_BYTES + WIRE_CRC_BYTES];
    put_u32(bytes, new_id);
    put_u16(bytes + ID_BYTES, crc_of(bytes, ID_BYTES));
    write(ID_ADDRESS, bytes, sizeof bytes);
    read_id();
}

void memory_store_note(const uint8_t *bytes, uint8_t count) {
    note[0] = count;
    for (uint8_t n = 0; n < count; n++) note[1 + n] = bytes[n];
    put_u16(note + 1 + count, crc_of(note, static_cast<uint8_t>(1 + count)));
    write(NOTE_ADDRESS, note, static_cast<uint8_t>(1 + count + WIRE_CRC_BYTES));
    read_note();
}
