using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>The candidate on disk, and which request made which rule.</summary>
internal sealed class CandidateTable(RuleDatabase database)
{
    // Of the policy's text; a later form gets the next number, so that it can be read as what it is.
    public const int Format = 1;

    // Blocks have their requests in the same table, under the bare id.
    private const string RequestKind = "rule:";

    /// <summary>Null until somebody has changed something.</summary>
    public FirewallPolicy? Read() => database.Run(command => command
        .With("SELECT policy FROM candidate WHERE id = 1")
        .ExecuteScalar() is string json ? PolicyWire.FromJson(json) : null);

    /// <summary>The rule that an earlier request with this id made.</summary>
    public string? FindRequest(string creator, string requestId) => database.Run(command => command
        .With("SELECT resource FROM requests WHERE creator = @creator AND request = @request", ("@creator", creator), ("@request", RequestKind + requestId))
        .ExecuteScalar() as string);

    public void Save(FirewallPolicy policy, RuleRequest? request, DateTimeOffset now) => database.Run(command =>
    {
        command.With(
            "INSERT OR REPLACE INTO candidate (id, format, policy) VALUES (1, @format, @policy)",
            ("@format", Format),
            ("@policy", PolicyWire.ToJson(policy))).ExecuteNonQuery();
        return request is not { RequestId.Length: > 0 } ? 0 : command.With(
            "INSERT OR REPLACE INTO requests (creator, request, resource, time) VALUES (@creator, @request, @resource, @time)",
            ("@creator", request.Creator),
            ("@request", RequestKind + request.RequestId),
            ("@resource", request.Rule.Id),
            ("@time", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
    });
}
