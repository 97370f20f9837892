using System.Globalization;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Response;

/// <summary>Says whether answers are only tried out: always, never, or for some time from the first start of this installation.</summary>
/// <remarks>
/// The moment of the first start is on disk. While the process runs, the time left is counted on the clock that nobody sets; across a restart it
/// is the wall clock's. A moment that cannot be (unreadable, still to come, before this program was written) begins the trial anew: a day
/// without answers too many is the lesser harm. A trial that is over stays over.
/// </remarks>
internal sealed partial class ResponseTrial
{
    public const string FileName = "response.trial";

    private const string Over = " over";

    // A board without a battery starts in 1970, or when its image was made.
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly string _mode;
    private readonly long _begin;
    private readonly TimeSpan _left;
    private readonly DateTimeOffset _first;

    public ResponseTrial(NodePaths paths, IOptions<ResponseOptions> options, TimeProvider clock, ILogger<ResponseTrial> logger)
    {
        (_clock, _logger, _mode) = (clock, logger, options.Value.Mode);
        _path = Path.Combine(paths.State, FileName);
        _begin = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        (_first, var isOver) = ReadOrBegin(now);
        var left = options.Value.TrialPeriod - (now - _first);
        _left = isOver || left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <summary>True when answers come into force by themselves some day.</summary>
    public bool IsTrial => _mode == ResponseOptions.Trial;

    public bool IsDryRun => _mode == ResponseOptions.DryRun || (IsTrial && Left > TimeSpan.Zero);

    /// <summary>How long the trial still lasts.</summary>
    public TimeSpan Left => _left - _clock.GetElapsedTime(_begin) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Writes down that the trial is over.</summary>
    public void End() => Write(_first.ToString("O", CultureInfo.InvariantCulture) + Over);

    private (DateTimeOffset First, bool IsOver) ReadOrBegin(DateTimeOffset now)
    {
        if (File.Exists(_path))
        {
            var text = File.ReadAllText(_path).TrimEnd('\n');
            var isOver = text.EndsWith(Over, StringComparison.Ordinal);
            var moment = isOver ? text[..^Over.Length] : text;
            if (DateTimeOffset.TryParseExact(moment, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && (isOver || (first <= now && first >= Earliest)))
            {
                return (first, isOver);
            }

            LogImpossible(_path, moment.Length > 64 ? moment[..64] : moment);
        }

        Write(now.ToString("O", CultureInfo.InvariantCulture));
        return (now, false);
    }

    private void Write(string text)
    {
        var draft = _path + ".new";
        try
        {
            File.Delete(draft);
            PrivateFiles.WriteSecret(draft, text + "\n");
            File.Move(draft, _path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(error, _path);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The moment of the first start in {Path} cannot be: '{Moment}'. The trial of automatic answers begins anew.")]
    private partial void LogImpossible(string path, string moment);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written; the trial of automatic answers begins anew at the next start.")]
    private partial void LogUnwritten(Exception error, string path);
}
