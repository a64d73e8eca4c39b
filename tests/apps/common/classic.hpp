// What the two lines of classic, 2.0 and 2.95, call differently, for applications that are built against either.
// Functions and names only; any thread.
#pragma once

#include "iceoryx_posh/iceoryx_posh_types.hpp"

#include <cstdint>
#include <string>

#if __has_include("iox/signal_watcher.hpp")
#include "iox/error_reporting/custom/default/error_handler.hpp"
#include "iox/error_reporting/custom/default/error_handler_interface.hpp"
#include "iox/signal_watcher.hpp"
#include "iox/static_lifetime_guard.hpp"
#include "iox/string.hpp"
#else
#include "iceoryx_hoofs/cxx/string.hpp"
#include "iceoryx_hoofs/error_handling/error_handling.hpp"
#include "iceoryx_hoofs/posix_wrapper/signal_watcher.hpp"
#endif

namespace classic {

#if __has_include("iox/signal_watcher.hpp")

using iox::hasTerminationRequested;
using iox::TruncateToCapacity;
using iox::waitForTerminationRequest;

/// To be refused something is not the end of this process from now on.
inline void ignoreErrors() {
    struct Handler final : iox::er::ErrorHandlerInterface {
        void onPanic() noexcept override {}
        void onReportError(iox::er::ErrorDescriptor) noexcept override {}
        void onReportViolation(iox::er::ErrorDescriptor) noexcept override {}
    };
    iox::er::ErrorHandler::set(iox::StaticLifetimeGuard<Handler>());
}

#else

using iox::cxx::TruncateToCapacity;
using iox::posix::hasTerminationRequested;
using iox::posix::waitForTerminationRequest;

inline void ignoreErrors() {
    static const auto guard = iox::ErrorHandler::setTemporaryErrorHandler([](const auto, const auto, const auto) {});
}

#endif

/// A string of classic's fixed capacity, cut where `text` is longer.
template <typename FixedString> FixedString fixed(const std::string& text) noexcept {
    return FixedString{TruncateToCapacity, text.c_str(), text.size()};
}

} // namespace classic
