using Appliance.Protos.Site.V1;

namespace Appliance.Router.Site;

/// <summary>EnrollmentService: certificates of new nodes. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed class EnrollmentGrpcService : EnrollmentService.EnrollmentServiceBase;
