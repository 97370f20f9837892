using Appliance.Fuzzing.Targets;
using SharpFuzz;

IFuzzTarget[] targets = [new FrameTarget(), new CaptureFileTarget(), new NetlinkTarget(), new ModelTarget()];
if (args is not [var verb, var name, .. var rest] || targets.FirstOrDefault(known => known.Name == name) is not { } target)
{
    return Usage();
}

switch (verb, rest)
{
    case ("run", []):
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            target.Run(input.GetBuffer().AsSpan(0, (int)input.Length));
        });
        return 0;
    case ("replay", [var file]):
        target.Run(await File.ReadAllBytesAsync(file));
        return 0;
    case ("seeds", [var folder]):
        foreach (var (number, seed) in target.Seeds().Index())
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"seed-{number:D3}"), seed);
        }

        return 0;
    default:
        return Usage();
}

int Usage()
{
    Console.Error.WriteLine($"usage: run TARGET | replay TARGET FILE | seeds TARGET FOLDER; targets: {string.Join(", ", targets.Select(known => known.Name))}");
    return 2;
}
