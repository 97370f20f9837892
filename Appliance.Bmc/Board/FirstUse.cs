using System.Text.Json;
using Appliance.Hosting.Configuration;

namespace Appliance.Bmc.Board;

/// <summary>
/// Certificates that were trusted because they were the first to be seen, where the configuration asks for that. Kept in
/// a file, so a restart is no second first use.
/// </summary>
internal sealed class FirstUse(string path, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly Lock _gate = new();

    public string Path => path;

    /// <summary>What was kept for a board; null at its first use. Throws when the file cannot be understood: that is no first use.</summary>
    public FirstUsePin? Find(string board)
    {
        lock (_gate)
        {
            return Read().GetValueOrDefault(board);
        }
    }

    /// <summary>Keeps the certificate before anything is said to the board.</summary>
    public FirstUsePin Keep(string board, string fingerprint)
    {
        lock (_gate)
        {
            var pins = Read();
            var pin = new FirstUsePin(fingerprint, clock.GetUtcNow());
            pins[board] = pin;
            PrivateFiles.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(pins, Readable));
            return pin;
        }
    }

    private Dictionary<string, FirstUsePin> Read() => File.Exists(path)
        ? JsonSerializer.Deserialize<Dictionary<string, FirstUsePin>>(File.ReadAllBytes(path)) ?? []
        : new(StringComparer.Ordinal);
}
