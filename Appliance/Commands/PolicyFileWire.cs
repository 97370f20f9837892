using Appliance.Protos.Rules.V1;
using Google.Protobuf;

namespace Appliance.Commands;

/// <summary>A policy as a file: the JSON of the contract's message, indented.</summary>
internal static class PolicyFileWire
{
    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithIndentation());

    public static async Task<Policy> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonParser.Default.Parse<Policy>(await File.ReadAllTextAsync(file.FullName, cancellationToken));
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new CommandFailedException($"{file} is no policy: {error.Message} 'appliance rules export FILE' writes one.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be read: {error.Message}", error);
        }
    }

    public static async Task WriteAsync(FileInfo file, Policy policy, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(file.FullName, Indented.Format(policy) + "\n", cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be written: {error.Message}", error);
        }
    }
}
