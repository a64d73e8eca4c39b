// md::Everything, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace md {

// 1 byte, one of these values.
enum class Kind : std::int8_t {
    Buy = 0,
    Sell = 1,
    class_ = -1, // class
    a_b = 2, // a b
    a_b_2 = 3, // a-b
    self = 4,
    NAMES = 5,
    _x_ = 6,
};

} // namespace md

// 8 bytes, one of these values or another.
enum class Flags : std::uint64_t {
    None = 0,
    small = 1,
    Large = 9223372036854775807,
};

// 2 bytes, one of these values or another.
enum class Level : std::int16_t {
    Low = -1,
    High = 1,
};

namespace md {

// 12 bytes, aligned to 1.
#pragma pack(push, 1)
struct alignas(1) Packed {
    std::uint8_t a;
    std::uint64_t b;
    std::uint8_t bytes[3];
};
#pragma pack(pop)
static_assert(sizeof(Packed) == 12);
static_assert(alignof(Packed) == 1);
static_assert(offsetof(Packed, a) == 0);
static_assert(offsetof(Packed, b) == 1);
static_assert(offsetof(Packed, bytes) == 9);
static_assert(std::is_trivially_copyable_v<Packed> && std::is_standard_layout_v<Packed>);

// 12 bytes, aligned to 4.
#pragma pack(push, 4)
struct alignas(4) Pack4 {
    std::uint8_t a;
    std::uint64_t b;
};
#pragma pack(pop)
static_assert(sizeof(Pack4) == 12);
static_assert(alignof(Pack4) == 4);
static_assert(offsetof(Pack4, a) == 0);
static_assert(offsetof(Pack4, b) == 4);
static_assert(std::is_trivially_copyable_v<Pack4> && std::is_standard_layout_v<Pack4>);

} // namespace md

namespace other {

// 128 bytes, aligned to 64.
struct alignas(64) Line {
    std::uint32_t first;
    std::uint8_t _padding0[28];
    bool second;
    std::uint8_t _padding1[95];
};
static_assert(sizeof(Line) == 128);
static_assert(alignof(Line) == 64);
static_assert(offsetof(Line, first) == 0);
static_assert(offsetof(Line, second) == 32);
static_assert(std::is_trivially_copyable_v<Line> && std::is_standard_layout_v<Line>);

} // namespace other

namespace md::Side {

// md::Side::Tick<double,3>: 24 bytes, aligned to 8.
struct Tick_double_3 {
    double price;
    char symbol[16];
};
static_assert(sizeof(Tick_double_3) == 24);
static_assert(alignof(Tick_double_3) == 8);
static_assert(offsetof(Tick_double_3, price) == 0);
static_assert(offsetof(Tick_double_3, symbol) == 8);
static_assert(std::is_trivially_copyable_v<Tick_double_3> && std::is_standard_layout_v<Tick_double_3>);

} // namespace md::Side

namespace md {

// 704 bytes, aligned to 64.
struct Everything {
    std::uint8_t class_; // class
    std::int8_t type;
    std::uint16_t self;
    std::int16_t def;
    std::uint32_t f_; // _
    std::int32_t f__linux__; // __linux__
    std::uint64_t linux_; // linux
    std::int64_t gr__e; // größe
    float a_b; // a b
    double a_b_2; // a-b
    bool _0; // 0
    ::md::Packed Packed;
    Pack4 std_[2]; // std
    ::other::Line line;
    ::md::Side::Tick_double_3 ticks[2][3];
    char texts[3][8];
    std::uint8_t blobs[2][5];
    std::int32_t many[40];
    float matrix[3][4];
    Kind kinds[2][2];
    ::Flags flags;
    ::Level level;
    std::uint8_t ends__; // ends /
};
static_assert(sizeof(Everything) == 704);
static_assert(alignof(Everything) == 64);
static_assert(offsetof(Everything, class_) == 0);
static_assert(offsetof(Everything, type) == 1);
static_assert(offsetof(Everything, self) == 2);
static_assert(offsetof(Everything, def) == 4);
static_assert(offsetof(Everything, f_) == 8);
static_assert(offsetof(Everything, f__linux__) == 12);
static_assert(offsetof(Everything, linux_) == 16);
static_assert(offsetof(Everything, gr__e) == 24);
static_assert(offsetof(Everything, a_b) == 32);
static_assert(offsetof(Everything, a_b_2) == 40);
static_assert(offsetof(Everything, _0) == 48);
static_assert(offsetof(Everything, Packed) == 49);
static_assert(offsetof(Everything, std_) == 64);
static_assert(offsetof(Everything, line) == 128);
static_assert(offsetof(Everything, ticks) == 256);
static_assert(offsetof(Everything, texts) == 400);
static_assert(offsetof(Everything, blobs) == 424);
static_assert(offsetof(Everything, many) == 436);
static_assert(offsetof(Everything, matrix) == 596);
static_assert(offsetof(Everything, kinds) == 644);
static_assert(offsetof(Everything, flags) == 648);
static_assert(offsetof(Everything, level) == 656);
static_assert(offsetof(Everything, ends__) == 658);
static_assert(std::is_trivially_copyable_v<Everything> && std::is_standard_layout_v<Everything>);

} // namespace md
