using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Slots;
using Appliance.Bmc.Tests;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Benchmarks.Flashing;

/// <summary>Library and jobs as the role has them, over a board.</summary>
internal sealed class FlashProgram : IAsyncDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly BoardSession _session;
    private readonly SlotRig _slots;
    private readonly ServiceProvider _parts;

    private FlashProgram(BoardSession session, SlotRig slots, ServiceProvider parts) => (_session, _slots, _parts) = (session, slots, parts);

    public static async Task<FlashProgram> StartAsync(BoardProcess process, string folder)
    {
        var session = new BoardSession(
            new BoardTarget(process.Endpoint), new BoardNotices(new HealthBoard(Clock), new EventLog(Clock)), Clock, NullLogger<BoardSession>.Instance);
        var board = new TuringPiBoard(session);
        var nodes = new PretendNodes();
        var slots = new SlotRig(board, Clock, nodes: nodes);
        await slots.Monitor.RefreshAsync(CancellationToken.None);
        var options = new FlashOptions { PollInterval = TimeSpan.FromMilliseconds(20), RestTime = TimeSpan.Zero, MaxAttempts = 1 };
        var parts = new ServiceCollection()
            .AddSingleton<IBoard>(board)
            .AddSingleton<INodeChannel>(nodes)
            .AddSingleton(Clock)
            .AddSingleton(Options.Create(options))
            .AddSingleton(slots.Feed)
            .AddSingleton(slots.Marks)
            .AddSingleton(slots.Leases)
            .AddSingleton(slots.Consoles)
            .AddSingleton(slots.Switch)
            .AddSingleton(new SlotGuard(slots.Leases, Options.Create(new SlotOptions())))
            .AddSingleton(new FlashNews(new EventLog(Clock), audit: null))
            .AddSingleton(new ImageLibrary(Path.Combine(folder, "images"), new ImageOptions { ReservedBytes = 0 }, NullLogger<ImageLibrary>.Instance))
            .AddSingleton(new FlashJournal(Path.Combine(folder, "flashes.json"), Clock, NullLogger<FlashJournal>.Instance))
            .AddFlashParts()
            .BuildServiceProvider();
        await parts.GetRequiredService<FlashRun>().StartAsync(CancellationToken.None);
        return new FlashProgram(session, slots, parts);
    }

    /// <summary>Makes an image that cannot be compressed, as a file for curl and in the library.</summary>
    public async Task<Image> AddAsync(string path, long length)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var upload = _parts.GetRequiredService<ImageLibrary>().Begin(new ImageHeader("disk.img", "1.0.0", "", 0, 0), Clock);
        await using var file = File.Create(path);
        var chunk = RandomNumberGenerator.GetBytes(ImageUpload.LargestChunk);
        Encoding.ASCII.GetBytes("APPLIANCE-IMAGE 1.0.0 logger node2\n").CopyTo(chunk, 512);
        for (var written = 0L; written < length; written += chunk.Length)
        {
            digest.AppendData(chunk);
            await file.WriteAsync(chunk);
            await upload.AppendAsync(chunk, CancellationToken.None);
        }

        return await upload.FinishAsync(digest.GetHashAndReset(), CancellationToken.None);
    }

    /// <summary>Seconds of sending, and of the whole job from order to proof.</summary>
    public async Task<(double Sending, double Whole)> FlashAsync(Image image)
    {
        var desk = _parts.GetRequiredService<FlashDesk>();
        var start = Clock.GetTimestamp();
        var flash = await desk.StartAsync(new FlashOrder([SlotNumber.All[0]], image.Id, ""), "bench", CancellationToken.None);
        long? begins = null, ends = null;
        await foreach (var seen in desk.WatchAsync(flash.Id, CancellationToken.None))
        {
            begins ??= seen.State >= FlashState.Writing ? Clock.GetTimestamp() : null;
            ends ??= seen.State >= FlashState.Verifying ? Clock.GetTimestamp() : null;
            flash = seen;
        }

        return flash.State == FlashState.Succeeded
            ? (Clock.GetElapsedTime(begins!.Value, ends!.Value).TotalSeconds, Clock.GetElapsedTime(start).TotalSeconds)
            : throw new InvalidOperationException(flash.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.GetRequiredService<FlashRun>().StopAsync(CancellationToken.None);
        await _parts.DisposeAsync();
        _slots.Dispose();
        _session.Dispose();
    }
}
