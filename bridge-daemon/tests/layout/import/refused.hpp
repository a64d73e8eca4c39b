// Structs that no layout can describe, and the field that is at fault.
// import: HasPointer
// import: HasReference
// import: HasFunction
// import: HasMemberPointer
// import: HasString
// import: HasVector
// import: HasOptional
// import: HasUnion
// import: HasAnonymousUnion
// import: HasBits
// import: HasLongDouble
// import: HasInt128
// import: HasWide
// import: HasComplex
// import: IsVirtual
// import: IsDeclaredVirtual
// import: HasVirtual
// import: HasVirtualBase
// import: HasOpenArray
// import: HasDeep
// import: HasManyDimensions
// import: HasEmptyElements
// import: Nothing
// import: Union
// import: Number
// import: Enum
// import: Declared
#pragma once
#include <complex>
#include <optional>
#include <string>
#include <vector>

struct HasPointer { int fine; struct { struct { const char* name; } entries[4]; } table; };
struct HasReference { int& reference; };
struct HasFunction { void (*callback)(int); };
struct HasMemberPointer { int HasPointer::*member; };
struct HasString { std::string name; };
struct HasVector { std::vector<int> numbers[2]; };
struct HasOptional { std::optional<int> maybe; };
struct HasUnion { union { int i; float f; } value; };
struct HasAnonymousUnion { int tag; union { int i; float f; }; };
struct __attribute__((packed)) HasBits { unsigned char first : 4; unsigned second : 20; };
struct HasLongDouble { long double value; };
struct HasInt128 { __int128 value; };
struct HasWide { wchar_t letter; };
struct HasComplex { _Complex double value; };
struct IsVirtual { virtual int f() { return value; } int value; };
struct IsDeclaredVirtual { virtual int f(); int value; };
struct HasVirtual { IsVirtual inner; };
struct Plain { int value; };
struct HasVirtualBase : virtual Plain { int more; };
struct HasOpenArray { int count; int values[]; };
template <int N> struct Deep { Deep<N - 1> inner; };
template <> struct Deep<0> { int value; };
struct HasDeep { Deep<30> deep; };
struct HasManyDimensions { int values[1][1][1][1][1][1][1][1][1]; };
struct Empty {};
struct HasEmptyElements { Empty nothing[3]; int value; };
struct Nothing {};
union Union { int i; float f; };
using Number = int;
enum Enum { One };
struct Declared;
inline Declared* pointer;
inline IsVirtual virtual_value;
inline HasVirtual has_virtual_value;
inline HasVirtualBase has_virtual_base_value;
