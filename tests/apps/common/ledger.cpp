#include "ledger.hpp"

namespace {
// A sequence number beyond this is damage, not a gap.
constexpr uint64_t MAX_SEQUENCE{1U << 28U};
} // namespace

Ledger::Ledger(const std::vector<uint16_t>& sources, const uint64_t count, const uint64_t trace)
    : m_count(count), m_trace(trace) {
    for (const auto source : sources) {
        m_sources[source].seen.resize(count);
    }
}

void Ledger::record(const SampleId id, const bool intact) {
    const auto entry = m_sources.find(id.source);
    if (!id.isProbe()) {
        ++m_received;
    }
    if (!intact) {
        ++m_corrupt;
    } else if (entry == m_sources.end()) {
        ++m_foreign;
    } else if (!id.isProbe()) {
        recordSequence(entry->second, id);
    } else if (!entry->second.connected) {
        entry->second.connected = true;
        std::cout << "connected source=" << id.source << std::endl;
    }
}

void Ledger::recordSequence(Source& source, const SampleId id) {
    const uint64_t sequence{id.sequence};
    if (sequence >= MAX_SEQUENCE || (m_count != 0 && sequence >= m_count)) {
        ++m_corrupt;
        return;
    }
    if (sequence >= source.seen.size()) {
        source.seen.resize(sequence + 1U);
    }
    if (source.seen[sequence]) {
        ++m_duplicate;
        return;
    }
    if (m_trace != 0 && sequence != source.next) {
        std::cout << "gap source=" << id.source << " expected=" << source.next << " came=" << sequence << std::endl;
    } else if (m_trace != 0 && source.distinct % m_trace == 0) {
        std::cout << "at source=" << id.source << " sequence=" << sequence << std::endl;
    }
    source.seen[sequence] = true;
    ++source.distinct;
    if (sequence < source.next) {
        ++m_reordered;
    } else {
        source.next = sequence + 1U;
    }
}

bool Ledger::hasJustCompleted() noexcept {
    if (m_complete || m_count == 0) {
        return false;
    }
    for (const auto& [id, source] : m_sources) {
        if (source.distinct < m_count) {
            return false;
        }
    }
    m_complete = true;
    return true;
}

bool Ledger::close(const bool lossIsFine) const {
    uint64_t missing{0};
    for (const auto& [id, source] : m_sources) {
        missing += (m_count != 0 ? m_count : source.next) - source.distinct;
    }
    for (const auto& [id, source] : m_sources) {
        if (m_trace != 0) {
            std::cout << "end source=" << id << " next=" << source.next << std::endl;
        }
    }
    std::cout << "done received=" << m_received << " missing=" << missing << " duplicate=" << m_duplicate
              << " reordered=" << m_reordered << " corrupt=" << m_corrupt << " foreign=" << m_foreign << std::endl;
    return (missing == 0 || lossIsFine) && m_duplicate == 0 && m_reordered == 0 && m_corrupt == 0 && m_foreign == 0;
}
