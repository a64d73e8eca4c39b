// md::Everything, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// md::Kind: 1 byte, one of these values.
typedef int8_t md_Kind;
enum {
    md_Kind_Buy = 0,
    md_Kind_Sell = 1,
    md_Kind_class = -1,
    md_Kind_a_b = 2, // a b
    md_Kind_a_b_2 = 3, // a-b
    md_Kind_self = 4,
    md_Kind_NAMES = 5,
    md_Kind__x_ = 6,
};

// 8 bytes, one of these values or another.
typedef uint64_t Flags;
#define Flags_None ((Flags)INT64_C(0))
#define Flags_small ((Flags)INT64_C(1))
#define Flags_Large ((Flags)INT64_C(9223372036854775807))

// 2 bytes, one of these values or another.
typedef int16_t Level;
enum {
    Level_Low = -1,
    Level_High = 1,
};

// md::Packed: 12 bytes, aligned to 1.
#pragma pack(push, 1)
typedef struct __attribute__((aligned(1))) md_Packed {
    uint8_t a;
    uint64_t b;
    uint8_t bytes[3];
} md_Packed;
#pragma pack(pop)
_Static_assert(sizeof(md_Packed) == 12, "md_Packed is not laid out as expected");
_Static_assert(_Alignof(md_Packed) == 1, "md_Packed is not laid out as expected");
_Static_assert(offsetof(md_Packed, a) == 0, "md_Packed is not laid out as expected");
_Static_assert(offsetof(md_Packed, b) == 1, "md_Packed is not laid out as expected");
_Static_assert(offsetof(md_Packed, bytes) == 9, "md_Packed is not laid out as expected");

// md::Pack4: 12 bytes, aligned to 4.
#pragma pack(push, 4)
typedef struct __attribute__((aligned(4))) md_Pack4 {
    uint8_t a;
    uint64_t b;
} md_Pack4;
#pragma pack(pop)
_Static_assert(sizeof(md_Pack4) == 12, "md_Pack4 is not laid out as expected");
_Static_assert(_Alignof(md_Pack4) == 4, "md_Pack4 is not laid out as expected");
_Static_assert(offsetof(md_Pack4, a) == 0, "md_Pack4 is not laid out as expected");
_Static_assert(offsetof(md_Pack4, b) == 4, "md_Pack4 is not laid out as expected");

// other::Line: 128 bytes, aligned to 64.
typedef struct other_Line {
    _Alignas(64) uint32_t first;
    uint8_t _padding0[28];
    bool second;
    uint8_t _padding1[95];
} other_Line;
_Static_assert(sizeof(other_Line) == 128, "other_Line is not laid out as expected");
_Static_assert(_Alignof(other_Line) == 64, "other_Line is not laid out as expected");
_Static_assert(offsetof(other_Line, first) == 0, "other_Line is not laid out as expected");
_Static_assert(offsetof(other_Line, second) == 32, "other_Line is not laid out as expected");

// md::Side::Tick<double,3>: 24 bytes, aligned to 8.
typedef struct md_Side_Tick_double_3 {
    double price;
    char symbol[16];
} md_Side_Tick_double_3;
_Static_assert(sizeof(md_Side_Tick_double_3) == 24, "md_Side_Tick_double_3 is not laid out as expected");
_Static_assert(_Alignof(md_Side_Tick_double_3) == 8, "md_Side_Tick_double_3 is not laid out as expected");
_Static_assert(offsetof(md_Side_Tick_double_3, price) == 0, "md_Side_Tick_double_3 is not laid out as expected");
_Static_assert(offsetof(md_Side_Tick_double_3, symbol) == 8, "md_Side_Tick_double_3 is not laid out as expected");

// md::Everything: 704 bytes, aligned to 64.
typedef struct md_Everything {
    uint8_t class;
    int8_t type;
    uint16_t self;
    int16_t def;
    uint32_t f_; // _
    int32_t f__linux__; // __linux__
    uint64_t linux_; // linux
    int64_t gr__e; // größe
    float a_b; // a b
    double a_b_2; // a-b
    bool _0; // 0
    md_Packed Packed;
    md_Pack4 std[2];
    other_Line line;
    md_Side_Tick_double_3 ticks[2][3];
    char texts[3][8];
    uint8_t blobs[2][5];
    int32_t many[40];
    float matrix[3][4];
    md_Kind kinds[2][2];
    Flags flags;
    Level level;
    uint8_t ends__; // ends /
} md_Everything;
_Static_assert(sizeof(md_Everything) == 704, "md_Everything is not laid out as expected");
_Static_assert(_Alignof(md_Everything) == 64, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, class) == 0, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, type) == 1, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, self) == 2, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, def) == 4, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, f_) == 8, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, f__linux__) == 12, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, linux_) == 16, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, gr__e) == 24, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, a_b) == 32, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, a_b_2) == 40, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, _0) == 48, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, Packed) == 49, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, std) == 64, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, line) == 128, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, ticks) == 256, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, texts) == 400, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, blobs) == 424, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, many) == 436, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, matrix) == 596, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, kinds) == 644, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, flags) == 648, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, level) == 656, "md_Everything is not laid out as expected");
_Static_assert(offsetof(md_Everything, ends__) == 658, "md_Everything is not laid out as expected");
