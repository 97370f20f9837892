using System.ComponentModel;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Network;

/// <summary>Keeps dnsmasq running while the role runs, and tells how it is.</summary>
internal sealed partial class NetworkRun(DnsmasqProgram program, IOptions<NetworkOptions> options, HealthBoard board, TimeProvider clock, ILogger<NetworkRun> logger)
    : BackgroundService
{
    public const string Part = "network";

    private const int LinesPerMinute = 60;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly LineBudget _budget = new(LinesPerMinute, clock);
    private string _lastLine = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var pause = ShortestPause;
        try
        {
            while (true)
            {
                var began = clock.GetTimestamp();
                await TryRunAsync(pause, stoppingToken);

                // What ran for longer than any pause did not end of what was wrong before.
                pause = clock.GetElapsedTime(began) > LongestPause ? ShortestPause : pause;
                await Task.Delay(pause, clock, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Router stops, and dnsmasq has.
        }
    }

    private async Task TryRunAsync(TimeSpan pause, CancellationToken token)
    {
        try
        {
            if (DnsmasqProgram.Missing is { } missing)
            {
                Report(PartState.Degraded, $"No addresses and names are given: {missing}");
                return;
            }

            if (await program.EndLeftoverAsync(token))
            {
                LogLeftover();
            }

            var blocklist = program.Write();
            if (await program.TestAsync(token) is { } refusal)
            {
                Report(PartState.Failed, $"dnsmasq refuses its settings: {refusal}");
                return;
            }

            var code = await RunAsync(blocklist, token);
            LogEnded(code, _lastLine);
            Report(PartState.Failed, $"dnsmasq ended with {code} ('{_lastLine}') and is started again in {pause.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            LogFault(error);
            Report(PartState.Failed, $"dnsmasq could not be started: {error.Message}");
        }
    }

    private async Task<int> RunAsync(Blocklist blocklist, CancellationToken token)
    {
        var process = await program.StartAsync(Tell);
        try
        {
            await Task.WhenAny(process.Serves, process.Exited).WaitAsync(token);
            if (process.Serves.IsCompletedSuccessfully)
            {
                TellServing(blocklist);
                await FollowBlocklistsAsync(process, token);
            }

            var code = await process.Exited;
            // A child of its own that answers over TCP may hold the line open for a while.
            await Task.WhenAny(process.Told, Task.Delay(ShortestPause, clock, token));
            return code;
        }
        finally
        {
            await program.StopAsync(process);
        }
    }

    private async Task FollowBlocklistsAsync(DnsmasqProcess process, CancellationToken token)
    {
        var read = Stamp();
        using var timer = new PeriodicTimer(options.Value.BlocklistInterval, clock);
        Task? tick = null;
        while (!process.Exited.IsCompleted)
        {
            tick ??= timer.WaitForNextTickAsync(token).AsTask();
            await Task.WhenAny(tick, process.Exited, program.ListChanged);
            token.ThrowIfCancellationRequested();
            tick = tick.IsCompleted ? null : tick;
            if (process.Exited.IsCompleted || Stamp() is var now && now == read && !program.ListChanged.IsCompleted)
            {
                continue;
            }

            read = now;
            TellServing(program.WriteBlocklist());
            process.Reload();
        }
    }

    private string Stamp() => string.Join('|', options.Value.Blocklists.Select(path => new FileInfo(path)).Select(file => file.Exists ? $"{file.LastWriteTimeUtc.Ticks},{file.Length}" : ""));

    private void TellServing(Blocklist blocklist)
    {
        var lans = string.Join(", ", options.Value.Lans.Select(lan => lan.Interface));
        var text = $"dnsmasq gives addresses and names on {lans} in {program.Place}";
        if (options.Value.Blocklists.Count > 0 || blocklist.Names.Count > 0)
        {
            LogBlocklist(blocklist.Names.Count, blocklist.RefusedCount);
            text += $"; {blocklist.Names.Count} names are blocked";
        }

        Report(
            blocklist.Faults.Count == 0 ? PartState.Healthy : PartState.Degraded,
            blocklist.Faults.Count == 0 ? $"{text}." : $"{text}, but {string.Join("; ", blocklist.Faults)}.");
    }

    private void Report(PartState state, string text) => board.Report(Part, state, text);

    private void Tell(string line)
    {
        _lastLine = line;
        if (!_budget.TryTake(out var passedOver))
        {
            return;
        }

        if (passedOver > 0)
        {
            LogPassedOver(passedOver);
        }

        LogLine(line);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private partial void LogLine(string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} lines of dnsmasq were passed over: it says more than fits into the log.")]
    private partial void LogPassedOver(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A dnsmasq of an earlier Router was still running and has been ended.")]
    private partial void LogLeftover();

    [LoggerMessage(Level = LogLevel.Information, Message = "{Names} names are blocked; {Refused} lines of the lists were passed over.")]
    private partial void LogBlocklist(int names, int refused);

    [LoggerMessage(Level = LogLevel.Error, Message = "dnsmasq ended with {ExitCode}, last saying '{Line}'.")]
    private partial void LogEnded(int exitCode, string line);

    [LoggerMessage(Level = LogLevel.Error, Message = "dnsmasq could not be started.")]
    private partial void LogFault(Exception error);
}
