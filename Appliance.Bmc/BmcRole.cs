using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Slots;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Bmc;

/// <summary>The role that owns the board: power, health and, alone of all, the board's credential.</summary>
public static class BmcRole
{
    public static IReadOnlyList<OptionsSection> Sections { get; } =
    [
        new(BoardOptions.Section, typeof(BoardOptions)),
        new(SlotOptions.Section, typeof(SlotOptions)),
        new(ImageOptions.Section, typeof(ImageOptions)),
        new(FlashOptions.Section, typeof(FlashOptions)),
        new(RecoveryOptions.Section, typeof(RecoveryOptions)),
    ];

    public static WebApplicationBuilder AddBmc(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddBoard()
            .AddSlots()
            .AddImages()
            .AddFlashing()
            .AddRecovery();
        return builder;
    }

    public static WebApplication MapBmc(this WebApplication app)
    {
        app.MapRoleService<BmcGrpcService>();
        return app;
    }
}
