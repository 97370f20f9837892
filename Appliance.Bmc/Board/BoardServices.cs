using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Board;

/// <summary>Registers the board, or its stand-in.</summary>
internal static class BoardServices
{
    private const string FirstUseFile = "board-first-use.json";

    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        // A command line has other names for the same settings.
        services.TryAddSingleton(BoardSettingNames.Configuration);
        return services.AddBoardItself();
    }

    private static IServiceCollection AddBoardItself(this IServiceCollection services) => services
        .AddSection<BoardOptions>(BoardOptions.Section)
        .AddSingleton(provider => new FirstUse(
            Path.Combine(provider.GetRequiredService<NodePaths>().State, FirstUseFile), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new BoardTarget(
            provider.GetRequiredService<IOptions<BoardOptions>>(), provider.GetRequiredService<FirstUse>(), provider.GetRequiredService<BoardSettingNames>()))
        .AddSingleton<BoardNotices>()
        .AddSingleton<StandInBoard>()
        .AddHostedService(provider => provider.GetRequiredService<StandInBoard>())
        .AddSingleton<BoardSession>()
        .AddSingleton<IBoard, TuringPiBoard>();
}
