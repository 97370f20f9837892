using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Text;
using Appliance.Hosting.Health;
using Appliance.Router.Decoding;
using Appliance.Router.Nftables.Rendering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Nftables;

/// <summary>Writes a line for each packet of a rule that logs: who sent it to whom and by which interfaces, never what is in it.</summary>
internal sealed partial class RuleLogWatch(
    FirewallChoice firewall, RuleLogFigures figures, HealthBoard board, TimeProvider clock, ILogger<RuleLogWatch> logger) : BackgroundService
{
    public const string Part = "rule-log";

    /// <summary>Each rule logs 10 packets a second at most, and there may be hundreds of rules.</summary>
    public const int LinesPerSecond = 50;

    private const int MaxInterfaceName = 16;

    private readonly LineBudget _budget = new(LinesPerSecond, clock);

    // On a thread of its own, since it waits in the kernel.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => firewall.OpenPlace() is { } place
        ? Task.Factory.StartNew(() => Follow(place, stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.CompletedTask;

    private void Follow(KernelPlace place, CancellationToken token)
    {
        try
        {
            using var log = RuleLogSocket.Open(place.OpenNetlink());
            board.Report(Part, PartState.Healthy, $"Rules that log are heard in {place.Name}.");
            // Inside, where the numbers of interfaces have their names.
            place.Run(() => Follow(log, token));
        }
        catch (Win32Exception error)
        {
            board.Report(Part, PartState.Degraded, $"Rules that log are not heard in {place.Name}: {error.Message} (nflog group {RuleChains.LogGroup}; another program may read it).");
        }
    }

    private bool Follow(RuleLogSocket log, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            figures.CountLost(log.Step(Write));
        }

        return true;
    }

    private void Write(in LoggedPacket packet)
    {
        if (!_budget.TryTake())
        {
            figures.CountPassedOver();
            return;
        }

        figures.CountLogged();
        var protocol = IPProtocol.NameOf(packet.Protocol) ?? packet.Protocol.ToString(CultureInfo.InvariantCulture);
        var (source, destination) = (End(packet.Source, packet.SourcePort), End(packet.Destination, packet.DestinationPort));
        var (from, to) = (InterfaceName(packet.InInterface), InterfaceName(packet.OutInterface));
        LogPacket(packet.RuleId, protocol, source, destination, from, to);
    }

    private static string End(UInt128 address, ushort port)
    {
        var plain = IPAddresses.ToIPAddress(address);
        return port == 0 ? plain.ToString() : new IPEndPoint(plain, port).ToString();
    }

    private static string InterfaceName(uint index)
    {
        Span<byte> name = stackalloc byte[MaxInterfaceName];
        name.Clear();
        return index == 0 ? "-"
            : Libc.InterfaceName(index, name) == 0 ? index.ToString(CultureInfo.InvariantCulture)
            : Encoding.ASCII.GetString(name[..Math.Max(0, name.IndexOf((byte)0))]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rule {RuleId}: {Protocol} from {Source} to {Destination}, in by {In}, out by {Out}.")]
    private partial void LogPacket(string ruleId, string protocol, string source, string destination, string @in, string @out);
}
