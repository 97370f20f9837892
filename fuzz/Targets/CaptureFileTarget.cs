using Appliance.Router.Capture;

namespace Appliance.Fuzzing.Targets;

/// <summary>Capture files, pcap and pcapng.</summary>
internal sealed class CaptureFileTarget : IFuzzTarget, IDisposable
{
    private const int SeedBytes = 2000;

    // In memory: an input is written and read some thousand times a second.
    private readonly string _file = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"appliance-fuzz-{Environment.ProcessId}");

    public string Name => "captures";

    public void Run(ReadOnlySpan<byte> input)
    {
        File.WriteAllBytes(_file, input);
        try
        {
            using var source = new CaptureFile(_file);
            while (source.Read(out var frame) == ReadOutcome.Frame)
            {
                if (frame.OriginalLength < frame.Bytes.Length || frame.Time < 0)
                {
                    throw new InvalidDataException($"A frame of {frame.Bytes.Length} bytes says {frame.OriginalLength}, time {frame.Time}.");
                }
            }
        }
        finally
        {
            File.Delete(_file);
        }
    }

    public IEnumerable<byte[]> Seeds()
    {
        foreach (var file in Recordings.Files())
        {
            using var stream = File.OpenRead(file);
            var head = new byte[SeedBytes];
            yield return head[..stream.ReadAtLeast(head, SeedBytes, throwOnEndOfStream: false)];
        }
    }

    public void Dispose() => File.Delete(_file);
}
