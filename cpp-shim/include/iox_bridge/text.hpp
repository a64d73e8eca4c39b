// Turns text from Rust into classic's strings of fixed capacity.
//
// Owner: nobody, functions only. Threads: any. Lengths are checked on the Rust side, where the names are made.
#pragma once

#include "rust/cxx.h"

#include "iox_bridge/compat.hpp"

#include "iceoryx_posh/capro/service_description.hpp"

namespace iox_bridge {

template <typename FixedString> FixedString fixed_text(const rust::Str text) noexcept {
    return FixedString(compat::TruncateToCapacity, text.data(), text.size());
}

inline iox::capro::ServiceDescription service_description(const rust::Str service, const rust::Str instance,
                                                          const rust::Str event) noexcept {
    using iox::capro::IdString_t;
    return {fixed_text<IdString_t>(service), fixed_text<IdString_t>(instance), fixed_text<IdString_t>(event)};
}

} // namespace iox_bridge
