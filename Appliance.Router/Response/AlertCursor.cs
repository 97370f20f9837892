using System.Globalization;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Response;

/// <summary>The last revision that was answered, on disk.</summary>
/// <remarks>
/// Written at most once a second, to spare flash; an alert that comes twice is answered once, as its blocks are
/// remembered. So a lost second costs nothing and the file needs no fsync, only to be whole.
/// </remarks>
internal sealed class AlertCursor
{
    public const string FileName = "alerts.cursor";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private long? _written;

    public AlertCursor(NodePaths paths, TimeProvider clock)
    {
        _path = Path.Combine(paths.State, FileName);
        _clock = clock;
        // No file, or not a number in it: everything is looked at again.
        Revision = File.Exists(_path) && ulong.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;
    }

    public ulong Revision { get; private set; }

    public void Advance(ulong revision)
    {
        Revision = revision;
        if (_written is not { } written || _clock.GetElapsedTime(written) >= Interval)
        {
            Save();
        }
    }

    public void Save()
    {
        var draft = _path + ".new";
        File.WriteAllText(draft, Revision.ToString(CultureInfo.InvariantCulture));
        File.Move(draft, _path, overwrite: true);
        _written = _clock.GetTimestamp();
    }
}
