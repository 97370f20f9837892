using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Appliance.Recording;
using Appliance.Router.Capture;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Commands;

/// <summary>`appliance record`: an interface's packets into capture files of bounded size.</summary>
internal static class RecordCommand
{
    private const int BytesPerMegabyte = 1_000_000;
    private const int DefaultMegabytes = 1000;
    private const int MaxFiles = 1000;
    private const int MaxSnapLength = 262_144;

    // 46 days, as long as a timer can wait.
    private const int MaxSeconds = 4_000_000;

    // 64 MiB, more than the Router has: a disk may keep its writer waiting for longer than a flow table does.
    private const int RingBlocks = 256;

    public static Command Create()
    {
        var live = new Option<string>("--interface") { Description = "Interface to record; 'any' for all.", Required = true };
        var output = new Option<string>("--output") { Description = "Capture file to write: pcapng where it ends with .pcapng, else pcap; both with nanoseconds.", Required = true };
        var filter = new Option<string>("--filter") { Description = "Record only what this expression lets through, as for tcpdump (pcap-filter(7)).", DefaultValueFactory = _ => "" };
        var megabytes = Number("--max-megabytes", DefaultMegabytes, 1, 10_000_000, "The most that all files together take, in millions of bytes.");
        var files = Number("--files", 1, 1, MaxFiles, "Files that share this room, NAME-0001 and so on; when it is full the oldest goes. With 1 the recording ends then.");
        var seconds = new Option<int?>("--seconds") { Description = "End after so many seconds. Default: when stopped by Ctrl-C." };
        Bound(seconds, 1, MaxSeconds);
        var snapLength = Number("--snaplen", MaxSnapLength, 1, MaxSnapLength, "Bytes to keep of each packet.");
        var method = new Option<CaptureMethod>("--method") { Description = "How packets are taken: 'ring', 'pcap', or 'auto' for the ring where it can be had.", DefaultValueFactory = _ => CaptureMethod.Auto };
        var force = new Option<bool>("--force") { Description = "Replace files of that name." };
        var format = CommonOptions.Format();
        filter.Validators.Add(result => CheckFilter(result.GetValueOrDefault<string>(), result.AddError));
        var command = new Command("record", "Record an interface's packets.") { live, output, filter, megabytes, files, seconds, snapLength, method, force, format };
        command.Validators.Add(result =>
        {
            // A default counts only once parsing is over.
            var room = result.GetResult(megabytes) is null ? DefaultMegabytes : result.GetValue(megabytes);
            if (result.GetResult(files) is not null && result.GetValue(files) is <= MaxFiles and var count && room < count)
            {
                result.AddError($"--max-megabytes is {room} for {count} --files; each takes one at least.");
            }
        });
        command.SetAction((parsed, token) => RunAsync(
            new RecordRequest(
                parsed.GetValue(live)!,
                new CaptureOptions { Filter = parsed.GetValue(filter)!, Method = parsed.GetValue(method), RingBlocks = RingBlocks },
                parsed.GetValue(output)!,
                (long)parsed.GetValue(megabytes) * BytesPerMegabyte,
                parsed.GetValue(files),
                parsed.GetValue(snapLength),
                parsed.GetValue(seconds) is { } length ? TimeSpan.FromSeconds(length) : null,
                parsed.GetValue(force)),
            parsed.GetValue(format),
            token));
        return command;
    }

    private static async Task<int> RunAsync(RecordRequest request, OutputFormat format, CancellationToken token)
    {
        var recording = new TrafficRecording(request, new LiveSources(TimeProvider.System, NullLogger<LiveSources>.Instance), TimeProvider.System);
        var summary = await recording.RunAsync(source => Console.Error.WriteLine(Started(request, source)), token);
        Console.Out.WriteLine(format == OutputFormat.Json
            ? JsonSerializer.Serialize(summary, RecordingSummaryJson.Default.RecordingSummary)
            : Table(summary));
        if (summary.Error is null)
        {
            return CommandLine.Done;
        }

        await Console.Error.WriteLineAsync(summary.Error);
        return CommandLine.Failed;
    }

    private static string Started(RecordRequest request, IPacketSource source) =>
        $"Recording {request.Interface}{source.Weakness?.Insert(0, ", ")}. Ctrl-C ends it.";

    private static string Table(RecordingSummary summary)
    {
        var total = FormattableString.Invariant(
            $"{summary.Packets:N0} packets, {summary.Bytes:N0} bytes, {summary.Dropped:N0} dropped in {summary.Seconds:0.0} s ({summary.End})");
        return string.Join(Environment.NewLine, [.. summary.Files.Select(Line), total]);
    }

    private static string Line(RecordedFile file) => FormattableString.Invariant($"{file.Name}  {file.Packets:N0} packets, {file.Bytes:N0} bytes of file");

    private static Option<int> Number(string name, int standard, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        Bound(option, least, most);
        return option;
    }

    private static void Bound<T>(Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }, ..] && (!int.TryParse(text, out var number) || number < least || number > most))
        {
            result.AddError($"{option.Name} is '{text}'; it takes {least} to {most}.");
        }
    });

    private static void CheckFilter(string? expression, Action<string> fail)
    {
        var options = new CaptureOptions { Filter = expression ?? "" };
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateProperty(options.Filter, new ValidationContext(options) { MemberName = nameof(options.Filter) }, faults))
        {
            fail($"--filter is '{expression}': {faults[0].ErrorMessage}.");
        }
    }
}
