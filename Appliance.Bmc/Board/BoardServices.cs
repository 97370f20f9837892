using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Bmc.Board;

/// <summary>Registers the board, or its stand-in.</summary>
internal static class BoardServices
{
    public static IServiceCollection AddBoard(this IServiceCollection services) => services
        .AddSection<BoardOptions>(BoardOptions.Section)
        .AddSingleton<BoardTarget>()
        .AddSingleton<StandInBoard>()
        .AddHostedService(provider => provider.GetRequiredService<StandInBoard>())
        .AddSingleton<BoardSession>()
        .AddSingleton<IBoard, TuringPiBoard>();
}
