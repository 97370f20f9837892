using System.Globalization;
using System.Text.RegularExpressions;
using Appliance.Commands;

namespace Appliance.Recording;

/// <summary>Names of a recording's files: a file has its own only once it is whole.</summary>
internal sealed class RecordingNames(RecordRequest request)
{
    private const string Unfinished = ".part";
    private readonly string _path = Path.GetFullPath(request.Output);

    public string Finished(int number) => request.FilesCount == 1
        ? _path
        : Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{Stem}-{number:D4}{Extension}"));

    public string Part(int number) => Finished(number) + Unfinished;

    /// <summary>Makes sure that nothing of theirs is there; what is goes where that was asked for, and is told otherwise.</summary>
    public void Claim()
    {
        if (!Directory.Exists(Folder))
        {
            throw new CommandFailedException($"{Folder} is not there; make the folder or name another.");
        }

        var old = Directory.EnumerateFiles(Folder).Where(IsOurs).Order(StringComparer.Ordinal).ToList();
        if (old.Count > 0 && !request.Overwrites)
        {
            throw new CommandFailedException($"{old[0]} is there already; give --force to replace it, or another --output.");
        }

        // A single finished file stays until the new one takes its place.
        foreach (var path in old.Where(path => path != Finished(1) || request.FilesCount > 1))
        {
            File.Delete(path);
        }
    }

    private string Folder => Path.GetDirectoryName(_path)!;

    private string Stem => Path.GetFileNameWithoutExtension(_path);

    private string Extension => Path.GetExtension(_path);

    private bool IsOurs(string path)
    {
        var name = path.EndsWith(Unfinished, StringComparison.Ordinal) ? path[..^Unfinished.Length] : path;
        return request.FilesCount == 1
            ? name == _path
            : Regex.IsMatch(Path.GetFileName(name), $"^{Regex.Escape(Stem)}-[0-9]{{4,}}{Regex.Escape(Extension)}$", RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
