using System.Security.Cryptography;
using Appliance.Bmc.Simulation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Board;

/// <summary>Starts the simulated board where one is configured, and makes it the role's board.</summary>
internal sealed partial class StandInBoard(IOptions<BoardOptions> options, BoardTarget target, TimeProvider clock, ILogger<StandInBoard> logger)
    : IHostedService, IAsyncDisposable
{
    // The slots of the setup guide run when the role starts; the fourth is free.
    private const byte FirstThreeOn = 0b0111;

    /// <summary>The board that was started, if any.</summary>
    public SimulatedBoard? Board { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Simulate is not { } name || BoardProfiles.Find(name) is not { } profile)
        {
            return;
        }

        // Known to this process alone: nobody else has business with this board.
        var password = RandomNumberGenerator.GetHexString(32);
        Board = await SimulatedBoard.StartAsync(
            new SimulatorOptions
            {
                Profile = profile,
                UserName = options.Value.UserName,
                Password = password,
                Certificate = BoardCertificate.CreateQuickly(clock),
                StoredPower = FirstThreeOn,
            },
            clock,
            cancellationToken);
        target.Set(new BoardEndpoint(Board.Address, Board.Fingerprint, BoardCredential.Known(options.Value.UserName, password), Simulated: true));
        LogStarted(profile.Name, Board.Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Board is not null)
        {
            await Board.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Board {Profile} is simulated at {Address}.")]
    private partial void LogStarted(string profile, Uri address);
}
