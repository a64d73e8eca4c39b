#include "iox_bridge/condition.hpp"

#include "cpp-shim/src/condition.rs.h"

#include "iceoryx_posh/iceoryx_posh_types.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"

namespace iox_bridge {

namespace {
/// A bit for each.
constexpr std::uint64_t NUMBERS{64};
static_assert(iox::MAX_NUMBER_OF_NOTIFIERS >= NUMBERS, "256 in 2.0; since 2.95 whoever builds it decides");
} // namespace

ConditionVariable::ConditionVariable(iox::popo::ConditionVariableData& data) noexcept : data_(data), listener_(data) {}

std::uint64_t ConditionVariable::wait() const noexcept {
    std::uint64_t notified{0};
    for (;;) {
        const auto numbers = listener_.wait();
        for (const std::uint64_t number : numbers) {
            // Others cannot be attached; they come of memory that somebody scribbled on.
            if (number < NUMBERS) {
                notified |= std::uint64_t{1} << number;
            }
        }
        if (numbers.empty() || notified != 0) {
            return notified;
        }
    }
}

void ConditionVariable::end() const noexcept {
    listener_.destroy();
}

iox::popo::ConditionVariableData& ConditionVariable::data() const noexcept {
    return data_;
}

std::shared_ptr<ConditionVariable> create_condition_variable() noexcept {
    auto* const data = iox::runtime::PoshRuntime::getInstance().getMiddlewareConditionVariable();
    return data == nullptr ? nullptr : std::make_shared<ConditionVariable>(*data);
}

} // namespace iox_bridge
