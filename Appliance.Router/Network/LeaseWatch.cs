using System.Threading.Channels;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Network;

/// <summary>Tells the inventory who has been given an address, and by which name, as soon as dnsmasq writes it down.</summary>
internal sealed partial class LeaseWatch(DnsmasqFolder folder, DeviceInventory inventory, IOptions<NetworkOptions> options, TimeProvider clock, ILogger<LeaseWatch> logger)
    : BackgroundService
{
    // The kernel tells of a change at once; where it can't (its watches are used up, it lost some), a look does.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // 65 536 leases of 128 bytes, the most there may be.
    private const int MaxFileBytes = 8 * 1024 * 1024;

    // One is enough: whoever takes it reads the whole file.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Dictionary<UInt128, Lease> _known = [];
    private (DateTime Written, long Length) _read;
    private bool _hasFailed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var watcher = TryWatch();
        try
        {
            while (true)
            {
                TryRead();
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Router stops.
        }
    }

    // A look at size and time costs next to nothing; what has not changed is not read.
    private async Task WaitAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(Look, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var change = _changes.Reader.WaitToReadAsync(stop.Token).AsTask();
        do
        {
            await Task.WhenAny(change, timer.WaitForNextTickAsync(stop.Token).AsTask());
            token.ThrowIfCancellationRequested();
        }
        while (!change.IsCompleted && Stamp() == _read);

        _changes.Reader.TryRead(out _);
        await stop.CancelAsync();
    }

    private FileSystemWatcher? TryWatch()
    {
        try
        {
            folder.Create();
            var watcher = new FileSystemWatcher(folder.Place, DnsmasqFolder.Leases) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName };
            watcher.Changed += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Created += (_, _) => _changes.Writer.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogUnwatched(error);
            return null;
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(folder.LeasesPath);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private void TryRead()
    {
        try
        {
            _read = Stamp();
            if (_read.Length is > 0 and <= MaxFileBytes)
            {
                Take(File.ReadAllBytes(folder.LeasesPath));
            }

            _hasFailed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Said once, however often it is tried again.
            if (!_hasFailed)
            {
                LogUnreadable(error);
            }

            _hasFailed = true;
        }
    }

    // Leases that are gone are no news: the device was there.
    private void Take(ReadOnlySpan<byte> file)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var leases = new Dictionary<UInt128, Lease>();
        var reader = new LeaseReader(file);
        while (reader.TryNext(out var lease))
        {
            leases[lease.Address] = lease;
            if ((!_known.TryGetValue(lease.Address, out var known) || known != lease) && (lease.ExpireSeconds == 0 || lease.ExpireSeconds > now))
            {
                Learn(lease, now);
            }
        }

        _known = leases;
    }

    private void Learn(in Lease lease, long now)
    {
        // A lease that was there before the Router was not given now.
        var given = lease.ExpireSeconds == 0 ? now : Math.Min(now, lease.ExpireSeconds - (long)LeaseTime(lease.Address).TotalSeconds);
        var time = Math.Max(0, given) * 1_000_000_000;
        inventory.Learn(new Observation(lease.Mac, time) { Address = ObservationReader.Usable(lease.Address) });
        if (lease.Name.Length > 0)
        {
            inventory.Learn(new Observation(lease.Mac, time) { Trait = new DeviceTrait(TraitSource.LeaseName, lease.Name) });
        }
    }

    private TimeSpan LeaseTime(UInt128 address) => options.Value.Lans
        .FirstOrDefault(lan => IPAddresses.IsIPv4(address) && Subnet.TryRead(lan.Gateway, out var subnet) && subnet.IsHost((uint)address))?.LeaseTime ?? TimeSpan.Zero;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kernel does not tell of new leases; they are looked for twice a second.")]
    private partial void LogUnwatched(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Leases cannot be read; it is tried again with each change.")]
    private partial void LogUnreadable(Exception error);
}
