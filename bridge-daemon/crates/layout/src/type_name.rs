//! Types in words.

use super::model::{Container, Stack, Type};

/// A type as a layout file has it: `f64[3][4]`, `iox::cxx::vector<Point, 8>`. Of a bit-field also how many bits it has,
/// as C has it: `u32 : 5`.
#[must_use]
pub fn type_name(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => scalar.name().to_owned(),
        Type::Text(text) => format!("char[{}]", text.capacity),
        Type::Bytes(len) => format!("u8[{len}]"),
        Type::Struct(layout) => layout.name.clone(),
        Type::Enum(named) => named.name.clone(),
        Type::Bits(bits) => format!("{} : {}", type_name(&bits.ty), bits.width),
        Type::Container(container) => container_name(container),
        Type::Array(element, len) => {
            // The first dimension stands first, and behind the brackets of what a container holds.
            let inner = type_name(element);
            let arguments = inner.rfind('>').map_or(0, |at| at + 1);
            let (head, tail) = inner.split_at(arguments);
            let (base, rest) = tail.split_at(tail.find('[').unwrap_or(tail.len()));
            format!("{head}{base}[{len}]{rest}")
        }
    }
}

fn container_name(container: &Container) -> String {
    match container {
        Container::String(Stack::Classic, capacity) => format!("iox::cxx::string<{capacity}>"),
        Container::String(Stack::Iceoryx2, capacity) => format!("iceoryx2::StaticString<{capacity}>"),
        Container::Vector(Stack::Classic, ty, len) => format!("iox::cxx::vector<{}, {len}>", type_name(ty)),
        Container::Vector(Stack::Iceoryx2, ty, len) => format!("iceoryx2::StaticVec<{}, {len}>", type_name(ty)),
        Container::Optional(Stack::Classic, ty) => format!("iox::cxx::optional<{}>", type_name(ty)),
        Container::Optional(Stack::Iceoryx2, ty) => format!("iceoryx2::RelocatableOption<{}>", type_name(ty)),
    }
}
