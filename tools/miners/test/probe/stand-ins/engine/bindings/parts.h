#pragma once

namespace extension::parts
{
class Limits
{
public:
    static constexpr int kLOW = 4;
};
} // namespace extension::parts
