#include "bluetooth/look_alikes.hpp"

#include <algorithm>

#include "bluetooth/advertisement.hpp"
#include "bluetooth/pattern.hpp"

namespace bms::bluetooth {

namespace {

constexpr std::uint16_t ff00 = 0xFF00;
constexpr std::uint16_t fff0 = 0xFFF0;
constexpr std::uint16_t ffe0 = 0xFFE0;

constexpr std::string_view humsienk_names[] = {"HS%%%%", "ECO%%%%"};
constexpr std::string_view braunpower_names[] = {"HSKS-*", "BL-##*"};
constexpr std::string_view seplos_2_names[] = {"BP##"};
constexpr std::string_view sok_names[] = {"SOK-*", "ABC-*"};
constexpr std::string_view eco_worthy_names[] = {"ECO-WORTHY*"};
constexpr std::string_view seplos_3_names[] = {"SP##B*", "CSY*", "XZHX*"};
constexpr std::string_view offgridtec_names[] = {"SmartBat-*"};
constexpr std::string_view ws_names[] = {"Power-#*"};
constexpr std::uint16_t cbt_companies[] = {0x4243, 0x5352};
constexpr std::uint16_t redodo_companies[] = {0x585A};
constexpr std::string_view jk_names[] = {"JK-*", "JK_*"};
constexpr std::uint16_t jk_companies[] = {0x0B65, 0x4B4A};
constexpr std::string_view topband_names[] = {"NWJ*", "$PFLAC*"};
constexpr std::string_view roypow_names[] = {"B#####A*", "S#####A*"};
constexpr std::string_view neey_names[] = {"GW-##S*", "EK-##S*"};
constexpr std::uint16_t neey_companies[] = {0x8888};

constexpr LookAlike makes[] = {
    {.make = "Humsienk", .service = ff00, .names = humsienk_names},
    {.make = "BraunPower", .service = ff00, .names = braunpower_names},
    {.make = "Seplos", .service = ff00, .names = seplos_2_names},
    {.make = "Seplos", .service = fff0, .names = seplos_3_names},
    {.make = "SOK", .service = fff0, .names = sok_names},
    {.make = "Eco-Worthy", .service = fff0, .names = eco_worthy_names},
    {.make = "Offgridtec", .service = fff0, .names = offgridtec_names},
    {.make = "WS", .service = fff0, .names = ws_names},
    {.make = "CBT Power", .service = fff0, .companies = cbt_companies},
    {.make = "CBT Power", .service = ffe0, .companies = cbt_companies},
    {.make = "Redodo or LiTime", .service = ffe0, .companies = redodo_companies},
    {.make = "JK", .service = ffe0, .names = jk_names, .companies = jk_companies},
    {.make = "Topband", .service = ffe0, .names = topband_names},
    {.make = "RoyPow", .service = ffe0, .names = roypow_names},
    {.make = "Neey", .service = ffe0, .names = neey_names, .companies = neey_companies},
};

}  // namespace

std::span<const LookAlike> look_alikes() { return makes; }

const LookAlike* look_alike_of(const Advertisement& advertisement) {
  const std::string name = shown_name(advertisement);
  const auto is_named = [&name](std::string_view pattern) { return fits_pattern(name, pattern); };
  const auto has = [&advertisement](std::uint16_t company) {
    return advertisement.manufacturer_data.contains(company);
  };
  const auto found = std::ranges::find_if(makes, [&](const LookAlike& make) {
    return advertises(advertisement, make.service) &&
           (std::ranges::any_of(make.names, is_named) || std::ranges::any_of(make.companies, has));
  });
  return found == std::end(makes) ? nullptr : found;
}

}  // namespace bms::bluetooth
