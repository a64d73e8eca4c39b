// md::Parts, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// md::Side: 1 byte, one of these values.
typedef uint8_t md_Side;
enum {
    md_Side_Buy = 1,
    md_Side_Sell = 2,
};

// md::Level: 2 bytes, one of these values or another.
typedef int16_t md_Level;
enum {
    md_Level_Low = -1,
    md_Level_High = 1,
};

// md::Status: 24 bytes, aligned to 8.
typedef struct md_Status {
    uint32_t mode : 3;
    __extension__ uint8_t : 2;
    uint32_t type : 9;
    __extension__ uint8_t : 2;
    __extension__ uint8_t : 4;
    int32_t offset : 7;
    __extension__ uint8_t : 5;
    __extension__ uint8_t : 1;
    __extension__ md_Side side : 2;
    __extension__ uint8_t : 5;
    __extension__ uint8_t : 7;
    bool ready : 1;
    __extension__ uint8_t : 3;
    __extension__ md_Level level : 5;
    uint8_t _padding0[3];
    __extension__ uint8_t : 4;
    __extension__ uint64_t wide : 40;
    uint8_t a;
    uint32_t behind : 24;
} md_Status;
_Static_assert(sizeof(md_Status) == 24, "md_Status is not laid out as expected");
_Static_assert(_Alignof(md_Status) == 8, "md_Status is not laid out as expected");
_Static_assert(offsetof(md_Status, a) == 16, "md_Status is not laid out as expected");

// md::Tight: 11 bytes, aligned to 1.
#pragma pack(push, 1)
typedef struct __attribute__((aligned(1))) md_Tight {
    uint8_t a;
    __extension__ uint16_t low : 5;
    __extension__ uint16_t high : 6;
    uint32_t b;
    char name[4]; // text, filled up with 0x20
} md_Tight;
#pragma pack(pop)
_Static_assert(sizeof(md_Tight) == 11, "md_Tight is not laid out as expected");
_Static_assert(_Alignof(md_Tight) == 1, "md_Tight is not laid out as expected");
_Static_assert(offsetof(md_Tight, a) == 0, "md_Tight is not laid out as expected");
_Static_assert(offsetof(md_Tight, b) == 3, "md_Tight is not laid out as expected");
_Static_assert(offsetof(md_Tight, name) == 7, "md_Tight is not laid out as expected");

// md::Point: 16 bytes, aligned to 8.
typedef struct md_Point {
    double x;
    uint16_t id;
} md_Point;
_Static_assert(sizeof(md_Point) == 16, "md_Point is not laid out as expected");
_Static_assert(_Alignof(md_Point) == 8, "md_Point is not laid out as expected");
_Static_assert(offsetof(md_Point, x) == 0, "md_Point is not laid out as expected");
_Static_assert(offsetof(md_Point, id) == 8, "md_Point is not laid out as expected");

// md::Parts_name: `iox::cxx::string<8>` in parts. 24 bytes, aligned to 8.
typedef struct md_Parts_name {
    char data[9];
    uint64_t len;
} md_Parts_name;
_Static_assert(sizeof(md_Parts_name) == 24, "md_Parts_name is not laid out as expected");
_Static_assert(_Alignof(md_Parts_name) == 8, "md_Parts_name is not laid out as expected");
_Static_assert(offsetof(md_Parts_name, data) == 0, "md_Parts_name is not laid out as expected");
_Static_assert(offsetof(md_Parts_name, len) == 16, "md_Parts_name is not laid out as expected");

// md::Parts_points: `iox::cxx::vector<md::Point, 3>` in parts. 56 bytes, aligned to 8.
typedef struct md_Parts_points {
    md_Point data[3];
    uint64_t len;
} md_Parts_points;
_Static_assert(sizeof(md_Parts_points) == 56, "md_Parts_points is not laid out as expected");
_Static_assert(_Alignof(md_Parts_points) == 8, "md_Parts_points is not laid out as expected");
_Static_assert(offsetof(md_Parts_points, data) == 0, "md_Parts_points is not laid out as expected");
_Static_assert(offsetof(md_Parts_points, len) == 48, "md_Parts_points is not laid out as expected");

// md::Parts_maybe: `iox::cxx::optional<md::Side>` in parts. 2 bytes, aligned to 1.
typedef struct md_Parts_maybe {
    md_Side value;
    uint8_t has_value;
} md_Parts_maybe;
_Static_assert(sizeof(md_Parts_maybe) == 2, "md_Parts_maybe is not laid out as expected");
_Static_assert(_Alignof(md_Parts_maybe) == 1, "md_Parts_maybe is not laid out as expected");
_Static_assert(offsetof(md_Parts_maybe, value) == 0, "md_Parts_maybe is not laid out as expected");
_Static_assert(offsetof(md_Parts_maybe, has_value) == 1, "md_Parts_maybe is not laid out as expected");

// md::Parts_names_element: `iox::cxx::string<3>` in parts. 16 bytes, aligned to 8.
typedef struct md_Parts_names_element {
    char data[4];
    uint64_t len;
} md_Parts_names_element;
_Static_assert(sizeof(md_Parts_names_element) == 16, "md_Parts_names_element is not laid out as expected");
_Static_assert(_Alignof(md_Parts_names_element) == 8, "md_Parts_names_element is not laid out as expected");
_Static_assert(offsetof(md_Parts_names_element, data) == 0, "md_Parts_names_element is not laid out as expected");
_Static_assert(offsetof(md_Parts_names_element, len) == 8, "md_Parts_names_element is not laid out as expected");

// md::Parts_names: `iox::cxx::vector<iox::cxx::string<3>, 2>` in parts. 40 bytes, aligned to 8.
typedef struct md_Parts_names {
    md_Parts_names_element data[2];
    uint64_t len;
} md_Parts_names;
_Static_assert(sizeof(md_Parts_names) == 40, "md_Parts_names is not laid out as expected");
_Static_assert(_Alignof(md_Parts_names) == 8, "md_Parts_names is not laid out as expected");
_Static_assert(offsetof(md_Parts_names, data) == 0, "md_Parts_names is not laid out as expected");
_Static_assert(offsetof(md_Parts_names, len) == 32, "md_Parts_names is not laid out as expected");

// md::Parts_text: `iceoryx2::StaticString<5>` in parts. 16 bytes, aligned to 8.
typedef struct md_Parts_text {
    char data[6];
    uint64_t len;
} md_Parts_text;
_Static_assert(sizeof(md_Parts_text) == 16, "md_Parts_text is not laid out as expected");
_Static_assert(_Alignof(md_Parts_text) == 8, "md_Parts_text is not laid out as expected");
_Static_assert(offsetof(md_Parts_text, data) == 0, "md_Parts_text is not laid out as expected");
_Static_assert(offsetof(md_Parts_text, len) == 8, "md_Parts_text is not laid out as expected");

// md::Parts_numbers: `iceoryx2::StaticVec<u16, 40>` in parts. 88 bytes, aligned to 8.
typedef struct md_Parts_numbers {
    uint16_t data[40];
    uint64_t len;
} md_Parts_numbers;
_Static_assert(sizeof(md_Parts_numbers) == 88, "md_Parts_numbers is not laid out as expected");
_Static_assert(_Alignof(md_Parts_numbers) == 8, "md_Parts_numbers is not laid out as expected");
_Static_assert(offsetof(md_Parts_numbers, data) == 0, "md_Parts_numbers is not laid out as expected");
_Static_assert(offsetof(md_Parts_numbers, len) == 80, "md_Parts_numbers is not laid out as expected");

// md::Parts_option: `iceoryx2::RelocatableOption<md::Point>` in parts. 24 bytes, aligned to 8.
typedef struct md_Parts_option {
    uint8_t has_value;
    md_Point value;
} md_Parts_option;
_Static_assert(sizeof(md_Parts_option) == 24, "md_Parts_option is not laid out as expected");
_Static_assert(_Alignof(md_Parts_option) == 8, "md_Parts_option is not laid out as expected");
_Static_assert(offsetof(md_Parts_option, has_value) == 0, "md_Parts_option is not laid out as expected");
_Static_assert(offsetof(md_Parts_option, value) == 8, "md_Parts_option is not laid out as expected");

// md::Parts: 464 bytes, aligned to 8.
typedef struct md_Parts {
    md_Status status;
    md_Tight tight[2];
    char code[4]; // text of exactly this length
    char label[8]; // text that always ends with a NUL
    int16_t samples[6]; // `n` says how many count
    uint8_t n;
    uint8_t blob[40]; // one `md::Point` after the other; `used` says how many bytes count; `check` says what the bytes that count add up to
    uint32_t used;
    uint16_t check;
    md_Parts_name name;
    md_Parts_points points;
    md_Parts_maybe maybe;
    md_Parts_names names;
    md_Parts_text text;
    md_Parts_numbers numbers[2];
    md_Parts_option option;
} md_Parts;
_Static_assert(sizeof(md_Parts) == 464, "md_Parts is not laid out as expected");
_Static_assert(_Alignof(md_Parts) == 8, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, status) == 0, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, tight) == 24, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, code) == 46, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, label) == 50, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, samples) == 58, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, n) == 70, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, blob) == 71, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, used) == 112, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, check) == 116, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, name) == 120, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, points) == 144, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, maybe) == 200, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, names) == 208, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, text) == 248, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, numbers) == 264, "md_Parts is not laid out as expected");
_Static_assert(offsetof(md_Parts, option) == 440, "md_Parts is not laid out as expected");
