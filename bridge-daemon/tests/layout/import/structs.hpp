// Structs that have a layout.
// import: md::Tick
// import: md::Matrix<double, 3>
// import: md::Derived
// import: md::Aligned
// import: md::Packed
// import: md::Pack4
// import: md::PackedEven
// import: md::Nested
// import: md::Words
// import: md::Gaps
// import: md::Alias
// import: CStyle
#pragma once
#include <cstddef>
#include <cstdint>

namespace md {

enum class Side : std::uint8_t { Buy = 1, Sell = 2 };
enum class Move : std::int16_t { Down = -1, Flat, Up };
enum Plain { Red, Green = 1000, Lime = Green };
enum class Wide : std::uint64_t { Most = ~0ull };
enum class Many : std::int8_t {
    January,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
};

struct Tick {
    char symbol[16];
    double price;
    double volume;
    std::uint64_t timestamp;
};

template <typename T, std::size_t N>
struct Matrix {
    T values[N][N + 1];
};

// Numbers, characters, truth, and enums, qualified and not.
struct Words {
    bool yes;
    char letter;
    signed char small;
    unsigned char byte;
    short s;
    unsigned short us;
    int i;
    unsigned u;
    long l;
    unsigned long ul;
    long long ll;
    unsigned long long ull;
    float f;
    double d;
    const volatile std::int32_t qualified = 0;
    std::byte raw[3];
    char8_t utf8[4];
    signed char numbers[5];
    char names[2][8];
    Side side;
    Move moves[2];
    Plain colour;
    Wide wide;
    Many month;
    enum : short { Off, On } state;
    static int shared;
    static constexpr int limit = 3;
};

struct Base {
    std::uint32_t id;
    std::uint8_t kind;
};

struct Empty {};

struct Second : Empty {
    std::int16_t more;
};

struct Derived : Base, Second {
    std::uint8_t small;
    bool id;

    int function() const;
};

struct alignas(64) Aligned {
    std::uint8_t first;
    std::uint64_t second;
};

#pragma pack(push, 1)
struct alignas(1) Packed {
    std::uint8_t a;
    std::uint64_t b;
    std::uint16_t c;
};
#pragma pack(pop)

#pragma pack(push, 4)
struct alignas(4) Pack4 {
    std::uint8_t a;
    std::uint64_t b;
};
#pragma pack(pop)

// Nothing but `alignof` tells that this is packed, and debug information does not.
#pragma pack(push, 1)
struct PackedEven {
    std::uint32_t a;
    std::uint32_t b;
};
#pragma pack(pop)

struct Nested {
    std::uint8_t flag;
    Packed packed[2];
    Aligned line;
    struct {
        std::int32_t x, y;
    } points[3];
    struct {
        std::int16_t left;
        std::int16_t right;
    };
    struct Inner {
        float value;
    } inner;

  private:
    Matrix<float, 2> m = {};
};

struct Gaps {
    std::uint8_t a;
    alignas(16) std::uint32_t b;
    Empty nothing;
    std::uint64_t _padding0_is_a_name;
    std::uint8_t _padding0[8];
    std::uint16_t end;
};

using Alias = Matrix<Side, 1>;

// Templates are in the debug information where they are used.
inline Alias alias;
inline Matrix<double, 3> matrix;

} // namespace md

typedef struct {
    unsigned char address[6];
    unsigned short port;
} CStyle;
